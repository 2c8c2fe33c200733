import { snapshotDiff } from '../../lab/lab.ts'
import { openArena } from '../arena.ts'
import { leftovers, onHost, prepare, stateOf } from '../host.ts'
import { writePlay } from '../stage.ts'
import type { Arena } from '../trial.ts'
import { raiseTwin } from '../trial.ts'
import { watch } from '../watch.ts'
import type { Ground, OpenGround } from './ground.ts'
import { home, mixedPlay, packageName } from './mixed-play.ts'

/** The play with one of everything, beside a host on which it ran in peace. */
export async function openMixed(program: string, lane = ''): Promise<OpenGround> {
  const arena = await openArena(program, lane)
  try {
    return { ...(await mixedOn(arena)), close: arena.close }
  } catch (error) {
    await arena.close()
    throw error
  }
}

export async function mixedOn(arena: Arena): Promise<Ground> {
  const play = mixedPlay()
  const { stage, calm, harmed } = arena
  const name = harmed.host.name
  for (const { host } of [calm, harmed]) await onHost(host.name, `${unmixed}\napt-get -qq update`)
  const twin = await raiseTwin(arena, play)
  writePlay(stage, play)
  return {
    name: 'mixed',
    stage,
    args: ['site.yml', '--limit', name],
    scene: harmed,
    fresh: async () => {
      await onHost(name, unmixed)
      await prepare(name, play)
    },
    watch: () => watch({ root: harmed.host.root, files: play.watched }),
    wrong: async () => [
      ...[...(await leftovers(name)), ...(await atHome(name))].map(path => `left behind: ${path}`),
      ...snapshotDiff(twin.state, await stateOf(name)).map(line => `not as the twin: ${line}`),
    ],
  }
}

/** What this play brings beyond those that are made at random. */
const unmixed = `dpkg --configure -a >/dev/null 2>&1
dpkg --purge ${packageName} >/dev/null 2>&1
rm -rf ${home} /home/pi/.local /home/pi/.cache /run/user/1000/pitool
:`

/** Notes and locks of the login's own shell. */
async function atHome(host: string): Promise<readonly string[]> {
  const found = await onHost(host, 'find /home/pi/.local /home/pi/.cache /run/user/1000/pitool -type f 2>/dev/null; :')
  return found.split('\n').filter(line => line !== '')
}
