import { type LabHost, lab } from '../lab/lab.ts'
import { startProxy } from '../lab/proxy.ts'
import type { Scene } from './faults.ts'
import { startMeddler } from './meddler.ts'
import { makeStage, writeInventory } from './stage.ts'
import type { Arena } from './trial.ts'

const hostNames = ['chaos-calm', 'chaos-harmed'] as const

/** Boots both hosts, each behind a network that can be broken. */
export async function openArena(program: string, lane = ''): Promise<Arena & { close(): Promise<void> }> {
  const names = hostNames.map(name => `${name}${lane}`)
  const hosts = await lab.up(names.length, { names })
  const [calm, harmed] = (await Promise.all(hosts.map(sceneOf))) as [Scene, Scene]
  const stage = makeStage()
  const ways = [calm, harmed].map(({ host, meddler }) => ({ host, address: '127.0.0.1', port: meddler.port }))
  writeInventory(stage, ways)
  const close = async () => {
    for (const { meddler, proxy } of [calm, harmed]) {
      await meddler.close()
      await proxy.close()
    }
    stage.remove()
    await lab.down(names)
  }
  return { program, stage, calm, harmed, close }
}

/** A host behind a network that can be broken. */
export async function sceneOf(host: LabHost): Promise<Scene> {
  const proxy = await startProxy({ host: host.address, port: host.port })
  return { host, proxy, meddler: await startMeddler(proxy.port) }
}
