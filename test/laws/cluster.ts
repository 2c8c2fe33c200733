import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startMirror } from '../lab/k3s/mirror.ts'
import { lab } from '../lab/lab.ts'
import { k3sProgram, onHost, serverToken, serverUp, until } from '../scenarios/stage/cluster.ts'
import { atRest } from './booted.ts'
import type { ClusterAt } from './cases/cases.ts'
import { ofServer, standing } from './cluster-state.ts'
import { openRemote, type RemoteWorld } from './remote.ts'

/** A worker and its server, and what their plays reach there. */
export interface ClusterWorld extends RemoteWorld {
  readonly at: ClusterAt
}

const texts = { one: 'one\n', empty: '', odd: 'ü\0\n' }

/** Files of the agent's that changes name; what it keeps for itself is its own. */
const areas = [
  '/etc/rancher/k3s',
  '/etc/systemd/system/k3s-agent.service',
  '/etc/systemd/system/k3s-agent.service.env',
  '/usr/local/bin',
]

// A running agent lives: its own files and helpers come and go.
const restless =
  /^file:\/var\/lib\/rancher\/|^process:.*(k3s|curl|openssl|sha256sum|\bip -)|^file:\/run\/systemd\/notify/

/** Fresh hosts of these names; the k3s in there is the lab's stand-in. */
export async function clusterWorld(server: string, worker: string): Promise<ClusterWorld> {
  const names = [server, worker]
  await lab.up(2, { names })
  await lab.reset(names)
  const hosts = await lab.up(2, { names })
  for (const host of hosts) await atRest(host)
  serverUp(server, { server_ready: 0.2, listed: 0.1, ready: 0.3, heartbeat: 1 })
  const [there, here] = [hosts[0]!, hosts[1]!]
  await onHost(worker, 'mkdir -p /opt; cat >/opt/law-k3s', readFileSync(k3sProgram, 'utf8'))
  const folder = mkdtempSync(join(tmpdir(), 'pitool-laws-downloads-'))
  mkdirSync(join(folder, 'v1'))
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(folder, 'v1', name), text)
  const network = here.address.replace(/\.\d+$/, '')
  const mirror = await startMirror({ dir: folder, address: `${network}.1` })
  const world = openRemote(here, {
    others: [there],
    areas,
    restless,
    serve: async script => void (await onHost(server, script)),
    settled: () => joined(server, worker),
    async snapshot() {
      const own = [...(await lab.snapshot(server))].filter(([key]) => !restless.test(key))
      const state = [...(await ofServer(server)), ...(await ofServer(server, 'secrets'))]
      return new Map([
        ...own.map(([key, value]) => [`${server} ${key}`, value] as const),
        ...state.map(line => [`${server} ${line}`, 'there'] as const),
      ])
    },
    lasting: async () => [...(await ofServer(server)).map(standing), ...(await owedBy(server))],
  })
  return {
    ...world,
    at: {
      server,
      node: worker,
      url: `https://${there.address}:6443`,
      token: await serverToken(server),
      program: k3sProgram,
      free: `${network}.240`,
      downloads: `${mirror.url}/download/v1`,
      texts,
    },
    async close() {
      await world.close()
      await mirror.close()
      rmSync(folder, { recursive: true, force: true })
      await lab.down(names)
    },
  }
}

/** An agent that runs has its Node Ready before the play looks. */
async function joined(server: string, worker: string): Promise<void> {
  const { stdout } = await lab.exec(worker, 'systemctl is-active k3s-agent')
  if (stdout.trim() !== 'active') return
  await until(`${worker} is Ready`, 30, async () =>
    (await ofServer(server)).some(line => line.startsWith(`node ${worker} Ready=True`)),
  )
}

/** What pitool keeps there of a run. */
async function owedBy(server: string): Promise<readonly string[]> {
  const script = 'find /var/lib/pitool/pending /run/pitool -mindepth 1 ! -path "/run/pitool/lock*" 2>/dev/null || :'
  return (await onHost(server, script)).split('\n').flatMap(line => (line === '' ? [] : [`${server} own ${line}`]))
}
