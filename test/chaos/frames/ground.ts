import type { Scene } from '../faults.ts'
import type { Stage } from '../stage.ts'
import type { Watch } from '../watch.ts'

/** A play and the host that it is struck on. */
export interface Ground {
  readonly name: string
  readonly stage: Stage
  /** The play, and whatever else `pitool play` is told. */
  readonly args: readonly string[]
  readonly scene: Scene
  /** As before any run. */
  fresh(): Promise<void>
  /** Looks for half-written files until its end. */
  watch(): Watch
  /** What is not as where nobody was struck. */
  wrong(): Promise<readonly string[]>
}

export interface OpenGround extends Ground {
  close(): Promise<void>
}
