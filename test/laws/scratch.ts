import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Connection, Dialer, Shell } from '../../src/core/connection.ts'
import { Unreachable } from '../../src/core/diagnostic.ts'
import { createDialer } from '../../src/transport/dialer.ts'
import { makeShims, type Shims } from './shims.ts'
import { describeFile, filesBelow, type Snapshot } from './snapshot.ts'
import { keptOpen, type World } from './world.ts'

/** The same, in which what is called can be seen, and killed. */
export interface WatchedWorld extends World {
  readonly shims: Shims
}

export function openWatched(): WatchedWorld {
  const folder = mkdtempSync(join(tmpdir(), 'pitool-laws-shims-'))
  const shims = makeShims(folder)
  const world = openScratch(shims)
  const close = async () => {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...world, shims, close }
}

/** This machine as the host, and a folder of it as all that a trial may touch. */
export function openScratch(shims?: Shims): World {
  const above = mkdtempSync(join(tmpdir(), 'pitool-laws-'))
  const [root, own] = [join(above, 'law'), join(above, 'own')]
  const dialer = keptOpen(
    confined(
      createDialer(host => ({ connection: 'local', host, connectTimeout: 20 })),
      { own, shims },
    ),
  )
  return {
    root,
    dialer,
    play: {},
    async prepare(found) {
      for (const folder of [root, own]) {
        rmSync(folder, { recursive: true, force: true })
        mkdirSync(folder, { mode: 0o755 })
      }
      const done = spawnSync('sh', ['-e'], { input: found, cwd: root, encoding: 'utf8', timeout: 20_000 })
      if (done.status !== 0) throw new Error(`the state to be found could not be made: ${done.stderr}\n${found}`)
    },
    async snapshot(): Promise<Snapshot> {
      // The folder above too: what is written beside the trial's own folder shows.
      const files = filesBelow(above)
      const all = new Map([...files].map(([path, state]) => [path, describeFile(state)]))
      return {
        all,
        areas: [above],
        files: new Map([...files].filter(([path]) => path !== own && !path.startsWith(`${own}/`))),
      }
    },
    async close() {
      await dialer.close()
      rmSync(above, { recursive: true, force: true })
    },
  }
}

/** Where pitool keeps its own notes on a host: here it is a folder that the trials own. */
const notes = /(?<![\w/.-])\/(?:run|var\/lib|var\/tmp)\/pitool(?=[/'"\s;)]|$)/g

interface Confines {
  readonly own: string
  readonly shims: Shims | undefined
}

function confined(dialer: Dialer, { own, shims }: Confines): Dialer {
  const inside = (script: string, changes: boolean) =>
    (shims ? (changes ? shims.change : shims.question) : '') + script.replace(notes, path => own + path)
  // Not a way in that is tried again: who is killed tries nothing.
  const died = () => new Unreachable({ code: 'auth-failed', message: 'the control side was killed' })
  const living = async <Result>(work: () => Promise<Result>): Promise<Result> => {
    if (shims?.killed) throw died()
    return work().catch(error => Promise.reject(shims?.killed ? died() : error))
  }
  const shellOf = (shell: Shell): Shell => ({
    // Changes stop at the first failure, questions do not.
    frame: (scripts, options) =>
      living(() =>
        shell.frame(
          scripts.map(script => inside(script, options?.stopOnFailure === true)),
          options,
        ),
      ),
    get epoch() {
      return shell.epoch
    },
    close: () => shell.close(),
  })
  return {
    async dial(host, signal) {
      const connection = await living(() => dialer.dial(host, signal))
      const made: Connection = {
        host,
        shell: async identity => shellOf(await living(() => connection.shell(identity))),
        ownShell: async identity => shellOf(await living(() => connection.ownShell(identity))),
        pour: (identity, script, ...rest) => living(() => connection.pour(identity, inside(script, true), ...rest)),
        get roundTrips() {
          return connection.roundTrips
        },
        get bytes() {
          return connection.bytes
        },
        get alive() {
          return connection.alive
        },
        close: () => connection.close(),
      }
      return made
    },
  }
}
