import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs'

/** Who is killed: this side, or a shell on the host; of the login, where none of its own is open, its session. */
export const victims = ['control', 'root-shell', 'login-shell'] as const
export type Victim = (typeof victims)[number]
export type Remote = Exclude<Victim, 'control'>

/** The first process of a host, as the lab's list has it now: another after each boot. */
export function leaderOf(name: string, file: string): number {
  const hosts = JSON.parse(readFileSync(file, 'utf8')) as readonly {
    readonly name: string
    readonly pid: number | null
  }[]
  return hosts.find(host => host.name === name)?.pid ?? 0
}

interface Found {
  readonly pid: number
  readonly parent: number
  readonly name: string
  readonly uid: number
}

const login = 1000

/**
 * Kills a host's shells, as seen from the machine that all of them run on, and comes back when they are gone: whoever
 * calls it does nothing meanwhile. How many there were.
 */
export function strikeDown(victim: Remote, leader: number): number {
  // The shell of a first frame may be on its way still.
  for (let tries = 0; tries < 25; tries++) {
    const struck = victimsOf(victim, processesOf(leader))
    for (const { pid } of struck) kill(pid)
    for (let tries = 0; tries < 500 && struck.some(isThere); tries++) pause(2)
    if (struck.length > 0) return struck.length
    pause(20)
  }
  return 0
}

function victimsOf(victim: Remote, all: readonly Found[]): readonly Found[] {
  const nameOf = new Map(all.map(({ pid, name }) => [pid, name]))
  const shells = all.filter(({ name, parent, uid }) =>
    victim === 'root-shell'
      ? name === 'sh' && nameOf.get(parent) === 'sudo'
      : name === 'sh' && uid === login && nameOf.get(parent) === 'sshd',
  )
  const sessions = all.filter(({ name, uid }) => name === 'sshd' && uid === login)
  return shells.length > 0 || victim === 'root-shell' ? shells : sessions
}

/** Processes of the host whose first one this is. */
function processesOf(leader: number): readonly Found[] {
  const namespace = namespaceOf(leader)
  if (namespace === undefined) return []
  return readdirSync('/proc').flatMap(entry => {
    if (!/^\d+$/.test(entry)) return []
    try {
      return namespaceOf(entry) === namespace ? [read(Number(entry))] : []
    } catch {
      // It has ended meanwhile.
      return []
    }
  })
}

function namespaceOf(pid: number | string): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/pid`)
  } catch {
    return undefined
  }
}

function read(pid: number): Found {
  const { name, state } = nameAndState(pid)
  return { pid, parent: Number(state[1]), name, uid: statSync(`/proc/${pid}`).uid }
}

function nameAndState(pid: number): { readonly name: string; readonly state: readonly string[] } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const end = stat.lastIndexOf(')')
  return { name: stat.slice(stat.indexOf('(') + 1, end), state: stat.slice(end + 2).split(' ') }
}

function isThere({ pid }: Found): boolean {
  try {
    return nameAndState(pid).state[0] !== 'Z'
  } catch {
    return false
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It was quicker.
  }
}

/** Everything stands still for so long. */
export function pause(ms: number): void {
  if (ms > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}
