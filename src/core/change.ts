import type { Text } from './secret.ts'
import type { Value } from './value.ts'

/** Something to do on a host: plain data of a closed vocabulary; the kind knows how. */
export interface Change {
  readonly kind: string
  /** Another host of the run, by its inventory name; the task's own host when absent. */
  readonly on?: string | undefined
}

/** One thing a change alters, as people read it. */
export interface Facet {
  readonly name: string
  readonly before: string
  readonly after: string
}

/** How a change is shown. Texts are compared line by line by the reporter; secrets show as such. */
export interface Diff {
  /** What it is about: a path, a unit, `user pi`. */
  readonly subject: string
  /** One line: `write /etc/hostname`, `restart k3s-agent`. */
  readonly summary: string
  /** null: it is not there before, or not there after. */
  readonly before?: Text | null
  readonly after?: Text | null
  readonly facets?: readonly Facet[]
}

/** What carrying a change gave back, as the module's `later` reads it. */
export type Outcome = { readonly [name: string]: Value }
