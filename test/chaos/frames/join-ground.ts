import { snapshotDiff } from '../../lab/lab.ts'
import { leftovers } from '../host.ts'
import { forget, joinedState, member, openCluster, playbook } from '../join.ts'
import { startPlay } from '../stage.ts'
import { wrongWith } from '../trial.ts'
import { watch } from '../watch.ts'
import type { OpenGround } from './ground.ts'

/** The real playbook that joins a worker, against the lab's stand-in for k3s; the worker that joins in peace is the twin. */
export async function openJoin(program: string, lane = ''): Promise<OpenGround> {
  const cluster = await openCluster(program, lane)
  const { stage, worker, server } = cluster
  const name = worker.host.name
  try {
    await forget(cluster)
    const failed = wrongWith(await startPlay({ program, cwd: stage.path }, [playbook]).done, 'undisturbed run')
    if (failed.length > 0) throw new Error(failed.join('\n'))
    const state = await joinedState(name)
    return {
      name: 'join',
      stage,
      args: [playbook],
      scene: worker,
      fresh: () => forget(cluster),
      watch: () => watch({ root: worker.host.root, files: [] }),
      wrong: async () => [
        ...(await member(cluster)),
        ...(await leftovers(name)).map(path => `left behind: ${path}`),
        ...(await leftovers(server)).map(path => `left behind on the server: ${path}`),
        ...snapshotDiff(state, await joinedState(name)).map(line => `not as the twin: ${line}`),
      ],
      close: cluster.close,
    }
  } catch (error) {
    await cluster.close()
    throw error
  }
}
