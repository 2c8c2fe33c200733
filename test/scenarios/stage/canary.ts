import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import type { LabHost } from '../../lab/lab.ts'

/** Secrets by name, each with the part by which it is told from everything else. */
export class Canaries {
  readonly #parts = new Map<string, string>()
  readonly #values = new Map<string, string>()

  /** A secret of the test's own, with that around it which each way of writing texts writes otherwise. */
  make(name: string, shape: (part: string) => string = part => part): string {
    const part = `canary-${name}-${randomBytes(8).toString('hex')}`
    this.know(name, part)
    this.#values.set(name, shape(part))
    return shape(part)
  }
  /** One that was there already. */
  know(name: string, part: string): void {
    this.#parts.set(name, part)
  }
  value(name: string): string {
    return this.#values.get(name)!
  }
  /** The names of those that stand in the text, in whatever form. */
  in(text: string): readonly string[] {
    return [...this.#parts].filter(([, part]) => forms(part).some(form => text.includes(form))).map(([name]) => name)
  }
  patterns(): string {
    return `${[...this.#parts.values()].flatMap(forms).join('\n')}\n`
  }
}

/** As it is, in hexadecimal, in base64 and in URLs that write every byte as a number. */
function forms(part: string): readonly string[] {
  const hex = Buffer.from(part).toString('hex')
  const base64 = [0, 1, 2].map(shift => Buffer.from('x'.repeat(shift) + part).toString('base64'))
  const url = hex.replace(/../g, '%$&')
  // The ends of base64 depend on what stands beside it.
  return [part, hex, hex.toUpperCase(), url, url.toUpperCase(), ...base64.map(text => text.slice(4, -4))]
}

/** The files of the host that hold one, by path; all but those of the kernel: what it mounts counts too. */
export function filesWith(canaries: Canaries, host: LabHost): readonly string[] {
  const root = `/proc/${host.pid}/root`
  const options = ['-rlaFs', '-D', 'skip', '--exclude-dir=proc', '--exclude-dir=sys', '-f', '-', '.']
  const ran = spawnSync('grep', options, { cwd: root, input: canaries.patterns(), encoding: 'utf8', maxBuffer: 1e8 })
  if (ran.stdout === null) throw new Error(`grep: ${ran.error?.message}`)
  const files = ran.stdout.split('\n').filter(file => file !== '')
  return files.map(file => file.slice(1)).sort()
}
