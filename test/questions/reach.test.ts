import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reach, reachKind } from '../../src/questions/reach.ts'
import { runScript, shells } from './shells.ts'

const folders: string[] = []
let server: Server
let port = 0

beforeAll(async () => {
  server = createServer()
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterAll(() => {
  server.close()
  for (const folder of folders) rmSync(folder, { recursive: true })
})

const where = (program: string) => spawnSync('sh', ['-c', `command -v ${program}`], { encoding: 'utf8' }).stdout.trim()

/** A folder with these programs alone; `nc=busybox`: under another name. */
function only(programs: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'pitool-reach-'))
  folders.push(folder)
  for (const [name = '', program = name] of programs.split(' ').map(word => word.split('=')))
    symlinkSync(where(program), join(folder, name))
  return folder
}

const tools = ['bash timeout', 'nc=busybox grep=busybox timeout=busybox true=busybox', 'curl']
const there = tools.filter(set => set.split(' ').every(word => where(word.split('=').at(-1)!) !== ''))

describe.each(shells.map(shell => ({ shell, name: shell.join(' ') })))('in $name', ({ shell }) => {
  const program = [where(shell[0]!), ...shell.slice(1)]
  const ask = (to: number, tools: string) => {
    const { arg } = reach('127.0.0.1', to, 1)
    return reachKind.parse(runScript(program, reachKind.sh([arg as never]), { env: { PATH: only(tools) } }), [
      arg as never,
    ])
  }
  it.each(there)('an open port is reached, a closed one is not: %s', set => {
    expect(ask(port, set)).toEqual([true])
    expect(ask(1, set)).toEqual([false])
  })
  it('without any of them it is said what is missing', () => {
    // busybox' own shell runs its programs without a PATH.
    if (shell[0] === 'busybox') return
    expect(() => ask(port, 'true')).toThrow(/neither bash, nc nor curl/)
  })
})
