import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Connection, Shell } from '../../src/core/connection.ts'
import { outText } from '../../src/core/section.ts'
import { createDialer } from '../../src/transport/dialer.ts'
import { type Sshd, sshdIsThere, startSshd } from '../transport/sshd.ts'

/** PITOOL_FRAMES=1000000 for a long night. */
const frames = Number(process.env.PITOOL_FRAMES ?? 10_000)

/** What a process holds; memory in KiB. */
interface Holding {
  readonly files: number
  readonly memory: number
  readonly children: number
}

function holding(pid: number | 'self'): Holding {
  const memory = Number(/^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  const id = pid === 'self' ? process.pid : pid
  const children = readFileSync(`/proc/${id}/task/${id}/children`, 'utf8').split(' ').filter(Boolean).length
  return { files: readdirSync(`/proc/${pid}/fd`).length, memory, children }
}

describe.skipIf(!sshdIsThere || process.platform !== 'linux')('one connection for a long time', () => {
  let sshd: Sshd
  let connection: Connection
  beforeAll(async () => {
    sshd = await startSshd()
    connection = await createDialer(() => sshd.target()).dial('n1')
  })
  afterAll(async () => {
    await connection?.close()
    await sshd?.stop()
  })

  test(`${frames} frames leave memory, channels and files as they were`, {
    timeout: 60_000 + frames * 10,
  }, async () => {
    const shell = await connection.shell({})
    const [said] = await shell.frame(['read -r line < /proc/$$/stat; set -- ${line##*) }; echo $$ $2'])
    const [ofShell, ofServer] = outText(said!).trim().split(' ').map(Number) as [number, number]
    const look = async () => {
      await settled(connection)
      return { here: holding('self'), shell: holding(ofShell), server: holding(ofServer) }
    }
    await work(connection, shell, frames / 10)
    const before = await look()
    const trips = connection.roundTrips
    await work(connection, shell, frames)
    const after = await look()
    expect(connection.roundTrips - trips).toBeGreaterThanOrEqual(frames)
    expect(connection.alive).toBe(true)
    for (const side of ['shell', 'server'] as const) {
      expect(after[side].files, `files of the ${side}`).toBe(before[side].files)
      expect(after[side].children, `children of the ${side}`).toBe(before[side].children)
      expect(after[side].memory - before[side].memory, `KiB of the ${side}`).toBeLessThan(2048)
    }
    expect(after.here.files - before.here.files, 'files here').toBeLessThanOrEqual(2)
    // The collector takes its time: a leak of one frame in ten would be more.
    expect(after.here.memory - before.here.memory, 'KiB here').toBeLessThan(60 * 1024)
  })
})

/** Small frames, now and then a large one, a channel of its own, a stream. */
async function work(connection: Connection, shell: Shell, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const [first, second] = await shell.frame([`echo ${i}`, i % 50 === 0 ? 'head -c 100000 /dev/zero' : 'exit 3'])
    expect(outText(first!)).toBe(`${i}\n`)
    expect(second!.code).toBe(i % 50 === 0 ? 0 : 3)
    if (i % 100 === 0) await aside(connection)
  }
}

async function aside(connection: Connection): Promise<void> {
  const own = await connection.ownShell({})
  await own.frame(['echo aside'])
  await own.close()
  const poured = await connection.pour({}, 'wc -c', chunks())
  expect(outText(poured).trim()).toBe('65536')
}

async function* chunks(): AsyncGenerator<Uint8Array> {
  for (let i = 0; i < 4; i++) yield Buffer.alloc(16_384, 'x')
}

/** Channels that are closing end in a moment. */
async function settled(connection: Connection): Promise<void> {
  await (await connection.shell({})).frame(['true'])
  await new Promise(resolve => setTimeout(resolve, 500))
  globalThis.gc?.()
}
