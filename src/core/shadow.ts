import type { Text } from './secret.ts'
import { Unknown } from './unknown.ts'

/** A file as it would be after the planned changes; a field that is undefined stays as the host has it. */
export interface PredictedFile {
  readonly type: 'file' | 'directory' | 'link' | 'absent'
  readonly text?: Text | Uint8Array | Unknown | undefined
  readonly mode?: string | Unknown | undefined
  readonly owner?: string | Unknown | undefined
  readonly group?: string | Unknown | undefined
  /** Where a link points. */
  readonly target?: string | undefined
}

export interface PredictedUser {
  readonly exists: boolean
  readonly fields?: { readonly [name: string]: Text | readonly string[] | Unknown }
}

export interface PredictedUnit {
  readonly enabled?: boolean | Unknown | undefined
  readonly active?: boolean | Unknown | undefined
  readonly masked?: boolean | Unknown | undefined
  /** Its file is predicted to be there, or gone. */
  readonly exists?: boolean | undefined
  /** Its planned file has no [Install]: it can be neither enabled nor disabled. */
  readonly static?: boolean | undefined
  /** Its file is newer than what systemd has loaded. */
  readonly stale?: boolean | undefined
}

/**
 * What one host would look like after the changes planned so far in a check. Change kinds fold into it,
 * question kinds answer from it; the engine keeps one a physical host. Paths are canonical.
 */
export class Shadow {
  readonly files = new Map<string, PredictedFile | Unknown>()
  readonly users = new Map<string, PredictedUser | Unknown>()
  readonly groups = new Map<string, PredictedUser | Unknown>()
  readonly units = new Map<string, PredictedUnit | Unknown>()
  readonly packages = new Map<string, string | null | Unknown>()
  /** Everything that is one value: `hostname`, `sysctl:net.ipv4.ip_forward`, `nm:<uuid>:ipv4.dns`, `node:<name>:labels`, `mark:<path>`. */
  readonly values = new Map<string, unknown>()
  #brings: string | undefined
  #opaque: string | undefined

  /** A planned package (or command) may bring files, units and accounts that are not there yet. */
  mayBring(what: string): void {
    this.#brings ??= what
  }

  /** A planned command may have done anything: what is found from here on is an assumption. */
  mayAlter(what: string): void {
    this.#brings ??= what
    this.#opaque ??= what
  }

  /** A planned start of a service may touch what it likes; what is missing is taken for missing still. */
  mayTouch(what: string): void {
    this.#opaque ??= what
  }

  /** What is in a file then is for others to say. */
  obscure(paths: readonly string[], why: string): void {
    for (const path of paths) this.files.set(path, new Unknown(why))
  }

  /** Instead of "not found" after something that may bring it. */
  get notFound(): Unknown | undefined {
    return this.#brings === undefined ? undefined : new Unknown(`${this.#brings} may bring it`)
  }

  /** Why an answer from the host is an assumption; undefined where it is not. */
  get assumption(): string | undefined {
    const what = this.#opaque ?? this.#brings
    return what === undefined ? undefined : `${what} may alter it`
  }

  get empty(): boolean {
    const maps = [this.files, this.users, this.groups, this.units, this.packages, this.values]
    return this.#brings === undefined && maps.every(map => map.size === 0)
  }

  /** Follows predicted links, and those of parents, to the path a name really means; Unknown where a link on the way is. */
  canonical(path: string): string | Unknown {
    let rest = path.split('/').filter(part => part !== '' && part !== '.')
    let at = ''
    for (let hops = 0; rest.length > 0; ) {
      const [part, ...more] = rest as [string, ...string[]]
      rest = more
      if (part === '..') {
        at = at.slice(0, Math.max(0, at.lastIndexOf('/')))
        continue
      }
      const next = `${at}/${part}`
      const seen = this.files.get(next)
      if (seen instanceof Unknown && rest.length > 0) return seen
      if (!(seen instanceof Unknown) && seen?.type === 'link' && seen.target !== undefined) {
        if (++hops > 40) return new Unknown(`too many links at ${path}`)
        if (seen.target.startsWith('/')) at = ''
        rest = [...seen.target.split('/').filter(p => p !== '' && p !== '.'), ...rest]
        continue
      }
      at = next
    }
    return at === '' ? '/' : at
  }
}
