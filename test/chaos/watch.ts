import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import type { Watched } from './plays.ts'

export interface Orders {
  /** The host's file system, as seen from here. */
  readonly root: string
  readonly files: readonly Watched[]
}

export interface Seen {
  readonly looks: number
  readonly broken: readonly string[]
}

export interface Watch {
  end(): Promise<Seen>
}

/** Looks at files without pause and never sees but whole contents. A process of its own: nothing else slows it down. */
export function watch(orders: Orders): Watch {
  program ??= compiled()
  const words = ['--input-type=module', '--eval', program]
  const child = spawn(process.execPath, words, { stdio: ['pipe', 'pipe', 'inherit'] })
  let said = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  const closed = new Promise<void>((resolve, reject) => child.once('error', reject).once('close', () => resolve()))
  child.stdin.write(`${JSON.stringify(orders)}\n`)
  return {
    end: async () => {
      child.stdin.end()
      await closed
      return JSON.parse(said) as Seen
    },
  }
}

/** It must be looking before the play begins: started from its source it would need a second for itself. */
let program: string | undefined

function compiled(): string {
  const entry = join(import.meta.dirname, 'watcher.ts')
  const built = buildSync({ entryPoints: [entry], bundle: true, write: false, platform: 'node', format: 'esm' })
  return built.outputFiles[0]!.text
}
