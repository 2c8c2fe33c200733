/**
 * `npm run bench:crowd`: what a host costs on this side, when there are many: W6. Each host is an address of loopback
 * with an sshd of its own for each connection; all of them are this machine, so the play finds nothing to do.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { type Sshd, startSshd } from '../transport/sshd.ts'

const sizes = (process.argv[2] ?? '50,125,250,500').split(',').map(Number)
const port = 2222
const program = resolve(import.meta.dirname, '../../dist/pitool.js')
const address = (host: number) => `127.77.${host >> 8}.${host & 255}`

interface Cost {
  readonly hosts: number
  readonly seconds: number
  readonly cpu: number
  readonly kib: number
}

const sshd = await startSshd('MaxStartups 2000', 'MaxSessions 10')
const work = mkdtempSync(join(tmpdir(), 'pitool-crowd-'))
const servers: Server[] = []
try {
  for (let host = 0; host < Math.max(...sizes); host += 1) servers.push(await listen(address(host), sshd))
  writeProject(Math.max(...sizes))
  await play(1)
  const costs: Cost[] = []
  for (const hosts of [1, ...sizes]) {
    const cost = await play(hosts)
    costs.push(cost)
    const [base] = costs as [Cost, ...Cost[]]
    const more = Math.max(1, hosts - base.hosts)
    console.log(
      [
        `${hosts} hosts: ${cost.seconds.toFixed(1)} s`,
        `CPU ${cost.cpu.toFixed(2)} s, ${(((cost.cpu - base.cpu) / more) * 1000).toFixed(1)} ms a host more`,
        `${(cost.kib / 1024).toFixed(0)} MiB, ${((cost.kib - base.kib) / more).toFixed(0)} KiB a host more`,
      ].join('; '),
    )
  }
} finally {
  for (const server of servers) server.close()
  await sshd.stop()
  rmSync(work, { recursive: true, force: true })
}

/** As inetd does it: a connection is the input and output of an sshd of its own. */
function listen(host: string, { folder }: Sshd): Promise<Server> {
  const server = createServer({ pauseOnConnect: true, noDelay: true }, (socket: Socket) => {
    const args = ['-i', '-f', join(folder, 'config')]
    const child = spawn('/usr/sbin/sshd', args, { stdio: [socket, socket, 'ignore'] })
    child.once('spawn', () => socket.destroy())
    child.once('error', () => socket.destroy())
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen(port, host, () => resolve(server))
  })
}

function writeProject(hosts: number): void {
  mkdirSync(join(work, 'inventory'))
  const there = join(work, 'there')
  mkdirSync(there)
  const all = Array.from({ length: hosts }, (_, host) => [`h${host}`, { host: address(host) }])
  const vars = {
    port,
    user: userInfo().username,
    private_key_file: sshd.keyFile,
    known_hosts_file: join(work, 'known_hosts'),
  }
  const known = Array.from({ length: hosts }, (_, host) => `[${address(host)}]:${port} ${sshd.hostKey}\n`)
  writeFileSync(join(work, 'known_hosts'), known.join(''))
  writeFileSync(join(work, 'inventory/hosts.yml'), JSON.stringify({ all: { hosts: Object.fromEntries(all), vars } }))
  writeFileSync(join(work, 'pitool.yml'), '{}\n')
  const tasks = [
    ...[1, 2, 3].map(n => ({ file: { path: `${there}/folder-${n}`, state: 'directory', mode: '0755' } })),
    ...[1, 2, 3, 4].map(n => ({
      copy: { content: `file ${n}\n`.repeat(50), dest: `${there}/file-${n}`, mode: '0644' },
    })),
    ...[1, 2, 3].map(n => ({ lineinfile: { path: `${there}/lines`, line: `line ${n}`, create: true } })),
    { user: { name: userInfo().username } },
    { command: 'uname -m', readonly: true, register: 'machine' },
    { debug: { msg: '{{machine.stdout}}' } },
  ]
  writeFileSync(join(work, 'site.yml'), JSON.stringify([{ hosts: 'all', tasks }]))
  writeFileSync(
    join(work, 'usage.cjs'),
    `process.on('exit', () => require('node:fs').writeFileSync(${JSON.stringify(join(work, 'usage'))}, JSON.stringify(process.resourceUsage())))`,
  )
}

async function play(hosts: number): Promise<Cost> {
  const limit =
    hosts === 1 ? ['--limit', 'h0'] : ['--limit', Array.from({ length: hosts }, (_, n) => `h${n}`).join(',')]
  const began = performance.now()
  const args = [
    '-r',
    join(work, 'usage.cjs'),
    program,
    'play',
    'site.yml',
    ...limit,
    '--forks',
    '50',
    '--timeout',
    '120',
  ]
  const child = spawn(process.execPath, args, { cwd: work, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.on('data', (text: Buffer) => (said = (said + text).slice(-2000)))
  const code = await new Promise(resolve => child.once('close', resolve))
  if (code !== 0) throw new Error(`${hosts} hosts: exit ${code}\n${said}`)
  const usage = JSON.parse(readFileSync(join(work, 'usage'), 'utf8')) as NodeJS.ResourceUsage
  return {
    hosts,
    seconds: (performance.now() - began) / 1000,
    cpu: (usage.userCPUTime + usage.systemCPUTime) / 1e6,
    kib: usage.maxRSS,
  }
}
