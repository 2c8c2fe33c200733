/** A handler that an earlier run owes a host, as its note there tells. */
export interface Owed {
  /** The note's name: the same play and handler have the same, whatever the run. */
  readonly id: string
  readonly project: string
  readonly playbook: string
  readonly play: string
  readonly address: string
  /** Of the handler's definition when it was notified. */
  readonly digest: string
  readonly run: string
  /** The place of the task that notified it. */
  readonly by?: string
  /** That run holds the host's lock and lives: it comes to its handlers by itself. */
  readonly atWork?: boolean
}
