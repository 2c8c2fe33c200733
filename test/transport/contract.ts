import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection, Dialer, Shell } from '../../src/core/connection.ts'
import { Failure } from '../../src/core/diagnostic.ts'
import { Secret } from '../../src/core/secret.ts'
import { errText, outText, type Section } from '../../src/core/section.ts'
import { printBytes } from '../../src/core/sh.ts'

/** A way to one host, on this machine so that its processes can be looked at. */
export interface Way {
  readonly dialer: Dialer
  readonly host: string
  close(): Promise<void>
}

/** What every transport must do, whatever is in between. */
export function testTransport(name: string, open: () => Promise<Way>): void {
  describe(name, () => {
    let way: Way
    let connection: Connection
    let shell: Shell
    beforeAll(async () => {
      way = await open()
      connection = await way.dialer.dial(way.host)
      shell = await connection.shell({})
    })
    afterAll(async () => {
      await connection?.close()
      await way?.close()
    })
    const here = () => ({ way, connection, shell })
    answers(here)
    sizes(here)
    stopping(here)
    channels(here)
    ends(here)
  })
}

interface Here {
  readonly way: Way
  readonly connection: Connection
  readonly shell: Shell
}

const only = (sections: readonly Section[]) => sections[0] as Section

function answers(here: () => Here): void {
  test('each script has its own outputs and code, in order', async () => {
    const sections = await here().shell.frame(['echo a; echo b >&2', 'exit 7', 'false; echo no', 'printf c'])
    expect(sections.map(s => [outText(s), errText(s), s.code, s.truncated])).toEqual([
      ['a\n', 'b\n', 0, false],
      ['', '', 7, false],
      ['', '', 1, false],
      ['c', '', 0, false],
    ])
  })

  test('no scripts, no round trip', async () => {
    const before = here().connection.roundTrips
    expect(await here().shell.frame([])).toEqual([])
    expect(here().connection.roundTrips).toBe(before)
  })

  test('every byte comes back as it was', async () => {
    const bytes = Uint8Array.from({ length: 2560 }, (_, i) => i & 255)
    const section = only(await here().shell.frame([`${printBytes(bytes)}; ${printBytes(bytes)} >&2`]))
    expect(Buffer.from(section.stdout).equals(bytes)).toBe(true)
    expect(Buffer.from(section.stderr).equals(bytes)).toBe(true)
  })

  test('frames that are sent at once are answered in order, one round trip each', async () => {
    const { connection, shell } = here()
    const before = connection.roundTrips
    const all = await Promise.all(Array.from({ length: 20 }, (_, i) => shell.frame([`echo ${i}`, `echo ${i} again`])))
    expect(all.map(sections => sections.map(outText))).toEqual(all.map((_, i) => [`${i}\n`, `${i} again\n`]))
    expect(connection.roundTrips - before).toBe(20)
  })

  test('stops at the first failure when told so', async () => {
    const sections = await here().shell.frame(['echo 1', 'echo 2; exit 4', 'echo 3'], { stopOnFailure: true })
    expect(sections.map(s => [outText(s), s.code])).toEqual([
      ['1\n', 0],
      ['2\n', 4],
    ])
  })

  test('a plain surrounding: locale, path, mask, input', async () => {
    const script = 'echo "$LC_ALL"; umask; echo "${ENV-none}"; cat; echo ":$PATH:"'
    const text = outText(only(await here().shell.frame([script])))
    expect(text).toMatch(/^C\n0022\nnone\n/)
    for (const folder of ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/bin', '/bin'])
      expect(text).toContain(`:${folder}:`)
  })

  test('a syntax error is told, and the shell goes on', async () => {
    const [bad, good] = await here().shell.frame(["echo ran; echo 'x", 'echo fine'])
    expect(bad!.code).not.toBe(0)
    expect(outText(bad!)).toBe('')
    expect(errText(bad!)).toMatch(/quote|unexpected EOF|Unterminated/)
    expect(outText(good!)).toBe('fine\n')
  })
}

function sizes(here: () => Here): void {
  test('a flood is bounded, and counted as cut', async () => {
    const script = 'head -c 50000000 /dev/zero; head -c 3000 /dev/zero >&2'
    const [flood, after] = await here().shell.frame([script, 'echo after'], { limit: 2000 })
    expect([flood!.stdout.length, flood!.stderr.length, flood!.truncated, flood!.code]).toEqual([2000, 2000, true, 0])
    expect([outText(after!), after!.truncated]).toEqual(['after\n', false])
  })

  test('a megabyte is kept when nothing else is said', async () => {
    const [fits, not] = await here().shell.frame(['head -c 1048576 /dev/zero', 'head -c 1048577 /dev/zero'])
    expect([fits!.stdout.length, fits!.truncated]).toEqual([1048576, false])
    expect([not!.stdout.length, not!.truncated]).toEqual([1048576, true])
  })

  test('five megabytes ride in a frame', async () => {
    const text = 'payload with some text\n'.repeat(228_000)
    const section = only(await here().shell.frame([`${printBytes(text)} | sha256sum`]))
    expect(outText(section)).toBe(`${sha256(Buffer.from(text))}  -\n`)
  })

  test('more is poured', async () => {
    const { connection } = here()
    const pieces = Array.from({ length: 200 }, (_, i) => Buffer.alloc(100_000, i))
    const section = await connection.pour({}, 'sha256sum; echo end', stream(pieces))
    expect(outText(section)).toBe(`${sha256(Buffer.concat(pieces))}  -\nend\n`)
    expect(outText(await connection.pour({}, 'wc -c', stream([])))).toMatch(/^\s*0\n$/)
  })

  test('input that a script leaves unread is never taken for commands', async () => {
    const { connection } = here()
    const line = Buffer.from('\necho forged; touch /tmp/pitool-forged\n')
    const pieces = Array.from({ length: 50_000 }, () => line)
    const section = await connection.pour({}, 'head -c 5 >/dev/null; exit 3', stream(pieces))
    expect([section.code, outText(section), errText(section)]).toEqual([3, '', ''])
    expect((await here().shell.frame(['test ! -e /tmp/pitool-forged']))[0]!.code).toBe(0)
  })

  test('an input that breaks off fails the pouring', async () => {
    async function* broken() {
      yield Buffer.from('half')
      throw new Error('disk gone')
    }
    const error = await failureOf(here().connection.pour({}, 'cat', broken()))
    expect(error.diagnostic.cause).toContain('disk gone')
  })

  test('an input that says itself why it breaks off is quoted with its host', async () => {
    async function* changed() {
      yield Buffer.from('half')
      throw new Failure({ code: 'changed-underneath', message: 'it changed', hint: 'again' })
    }
    const { connection } = here()
    const error = await failureOf(connection.pour({}, 'cat', changed()))
    expect(error.diagnostic).toMatchObject({ code: 'changed-underneath', message: 'it changed', hint: 'again' })
    expect(error.diagnostic.host).toBe(connection.host)
  })

  test('a shell that dies while it is poured into fails the pouring', async () => {
    async function* endless() {
      for (;;) yield Buffer.alloc(10_000)
    }
    const error = await failureOf(here().connection.pour({}, 'sleep 0.2; kill -9 $$', endless()))
    expect(error.diagnostic.code).toBe('bad-answer')
  })

  test('a thousand frames leave nothing behind', async () => {
    const { shell } = here()
    const count = async () => Number(outText(only(await shell.frame(['ls /proc/$$/fd | wc -l']))))
    const before = [process.getActiveResourcesInfo().length, await count()] as const
    for (let i = 0; i < 1000; i++) await shell.frame(['x=1'])
    // Earlier tests' sockets may be closing meanwhile: fewer is fine.
    expect(process.getActiveResourcesInfo().length).toBeLessThanOrEqual(before[0] + 1)
    expect(await count()).toBe(before[1])
  })
}

function stopping(here: () => Here): void {
  test('a time-out ends a whole pipeline, and the next frame works', async () => {
    const tag = newTag()
    const error = await failureOf(here().shell.frame([`sleep ${tag} | sleep ${tag} | cat`], { timeout: 0.3 }))
    expect(error.diagnostic).toMatchObject({ code: 'timeout', cause: undefined })
    expect(await running(tag)).toEqual([])
    expect(outText(only(await here().shell.frame(['echo on'])))).toBe('on\n')
  })

  test('what ignores TERM is killed', async () => {
    const tag = newTag()
    const script = `trap '' TERM; (trap '' TERM; sleep ${tag}) & sleep ${tag}; sleep ${tag}`
    const error = await failureOf(here().shell.frame([script], { timeout: 0.3 }))
    expect(error.diagnostic).toMatchObject({ code: 'timeout', cause: undefined })
    expect(await running(tag)).toEqual([])
  })

  test('a signal ends what runs and what waits', async () => {
    const tag = newTag()
    const { shell } = here()
    const controller = new AbortController()
    const first = failureOf(shell.frame([`sleep ${tag}`], { signal: controller.signal }))
    const second = failureOf(shell.frame([`sleep ${tag}`], { signal: controller.signal }))
    const third = shell.frame(['echo third'])
    setTimeout(() => controller.abort(), 200)
    expect((await first).diagnostic.code).toBe('cancelled')
    expect((await second).diagnostic.code).toBe('cancelled')
    expect(outText(only(await third))).toBe('third\n')
    expect(await running(tag)).toEqual([])
    expect((await failureOf(shell.frame(['echo no'], { signal: controller.signal }))).diagnostic.code).toBe('cancelled')
  })

  test('a frame that is called off in the queue does not wait for its turn', async () => {
    const { shell } = here()
    const slow = shell.frame(['sleep 1; echo slow'])
    const start = Date.now()
    const error = await failureOf(shell.frame(['echo no'], { signal: AbortSignal.timeout(100) }))
    expect(error.diagnostic.code).toBe('cancelled')
    expect(Date.now() - start).toBeLessThan(800)
    expect(outText(only(await slow))).toBe('slow\n')
  })

  test('what has begun goes on where only what has not is called off', async () => {
    const { shell } = here()
    const controller = new AbortController()
    const first = shell.frame(['sleep 0.5; echo first'], { unlessBegun: controller.signal })
    const second = failureOf(shell.frame(['echo second'], { unlessBegun: controller.signal }))
    setTimeout(() => controller.abort(), 200)
    expect((await second).diagnostic.code).toBe('cancelled')
    expect(outText(only(await first))).toBe('first\n')
  })

  test('a shell that dies says how, and the next frame has another', async () => {
    const { shell } = here()
    const secret = new Secret('hunter2-of-the-shell')
    const error = await failureOf(shell.frame([`echo ${secret.reveal()} >&2; kill -9 $$; sleep 5`]))
    expect(error.diagnostic.code).toBe('bad-answer')
    expect(error.diagnostic.cause).toContain('<secret>')
    expect(JSON.stringify(error.diagnostic)).not.toContain(secret.reveal())
    expect(outText(only(await shell.frame(['echo again'])))).toBe('again\n')
  })
}

function channels(here: () => Here): void {
  test('a child in the background does not hold a shell of its own', async () => {
    const tag = newTag()
    const own = await here().connection.ownShell({})
    const start = Date.now()
    expect(outText(only(await own.frame([`sleep ${tag} & echo started`])))).toBe('started\n')
    await own.close()
    expect(Date.now() - start).toBeLessThan(2500)
    for (const pid of await running(tag)) process.kill(pid)
  })

  test('more shells of their own than the server has channels', async () => {
    const { connection } = here()
    const work = async (i: number) => {
      const own = await connection.ownShell({})
      const text = outText(only(await own.frame([`sleep 0.1; echo ${i}`])))
      await own.close()
      return text
    }
    const all = await Promise.all(Array.from({ length: 25 }, (_, i) => work(i)))
    expect(all).toEqual(all.map((_, i) => `${i}\n`))
  })

  test('all channels taken, and still a time-out can end its own', async () => {
    const { connection } = here()
    const tag = newTag()
    const owns = await Promise.all(Array.from({ length: 10 }, () => connection.ownShell({})))
    const errors = await Promise.all(owns.map(own => failureOf(own.frame([`sleep ${tag}`], { timeout: 0.5 }))))
    expect(errors.map(error => error.diagnostic.code)).toEqual(errors.map(() => 'timeout'))
    expect(await running(tag)).toEqual([])
    await Promise.all(owns.map(own => own.close()))
  })

  test('a shell of its own that is closed while it works ends its work', async () => {
    const tag = newTag()
    const own = await here().connection.ownShell({})
    const error = failureOf(own.frame([`sleep ${tag}`]))
    await new Promise(resolve => setTimeout(resolve, 200))
    await own.close()
    expect((await error).diagnostic.code).toBe('cancelled')
    expect(await running(tag)).toEqual([])
  })
}

function ends(here: () => Here): void {
  test('closing leaves no process, busy or idle', async () => {
    const { way } = here()
    const connection = await way.dialer.dial(way.host)
    const tag = newTag()
    const idle = await connection.shell({})
    const pid = Number(outText(only(await idle.frame(['echo $$']))))
    const own = await connection.ownShell({})
    const busy = failureOf(own.frame([`sleep ${tag}`]))
    await new Promise(resolve => setTimeout(resolve, 200))
    await connection.close()
    expect((await busy).diagnostic.code).toBe('cancelled')
    expect(connection.alive).toBe(false)
    expect(await running(tag)).toEqual([])
    await expect.poll(() => isThere(pid), { timeout: 3000 }).toBe(false)
    await expect(connection.shell({})).rejects.toMatchObject({ diagnostic: { code: 'connection-lost' } })
    await connection.close()
  })

  test('bytes are counted', async () => {
    const { connection, shell } = here()
    const before = connection.bytes
    await shell.frame(['head -c 100000 /dev/zero', `: ${'x'.repeat(50_000)}`])
    expect(connection.bytes.received - before.received).toBeGreaterThan(100_000)
    expect(connection.bytes.sent - before.sent).toBeGreaterThan(50_000)
  })
}

export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => new Error('it did not fail'),
    (error: unknown) => error,
  )
  if (error instanceof Failure) return error
  throw error
}

async function* stream(pieces: readonly Buffer[]): AsyncGenerator<Uint8Array> {
  yield* pieces
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex')
}

let tags = 0

/** An odd number of seconds to sleep, by which a test finds its own processes again. */
export function newTag(): string {
  tags += 1
  return `${1000 + (process.pid % 1000)}.${String(process.pid).padStart(7, '0')}${tags}`
}

/** The pids of the processes that have this word among their arguments. */
export async function running(tag: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name))
  const found = pids.map(async pid => {
    const text = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')
    return text.split('\0').includes(tag) && (await isThere(Number(pid))) ? [Number(pid)] : []
  })
  return (await Promise.all(found)).flat()
}

async function isThere(pid: number): Promise<boolean> {
  const text = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '')
  return text !== '' && !/\) Z /.test(text)
}
