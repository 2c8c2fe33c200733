import type { Arbitrary } from 'fast-check'
import type { AnswerTrial } from '../answers.ts'
import type { Trial } from '../trial.ts'

/** A cluster of the lab, as its plays reach it. */
export interface ClusterAt {
  /** As the inventory names them; the plays are about the other one. */
  readonly server: string
  /** The name of the worker's own Node. */
  readonly node: string
  readonly url: string
  readonly token: string
  /** k3s itself, on the control side. */
  readonly program: string
  /** An address of nobody yet. */
  readonly free: string
  /** An HTTP server's folder of these texts, by name. */
  readonly downloads: string
  readonly texts: { readonly [name: string]: string }
}

/** How one module is put to the laws; at least one way. */
export interface Cases {
  readonly module: string
  /** On this machine, in a folder of its own. */
  readonly scratch?: Arbitrary<Trial>
  /** By generated answers alone, for what no folder can show. */
  readonly answers?: Arbitrary<AnswerTrial>
  /** On a booted host of the lab. */
  readonly lab?: Arbitrary<Trial>
  /** On a host that is, or becomes, a worker of a cluster in the lab. */
  readonly cluster?: (at: ClusterAt) => Arbitrary<Trial>
  /** It never changes anything, so its tries need not either. */
  readonly readOnly?: boolean
}
