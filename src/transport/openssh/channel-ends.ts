/** How a channel's command has ended, as its server told: by an exit code, or by a signal. */
export type End = 'exit-status' | 'exit-signal'

/** One command, from before it is sent. */
export interface Watched {
  /** Once the end of this channel's command is told. */
  ended(channel: number): Promise<End>
  /** undefined: not told so far. */
  endOf(channel: number): End | undefined
  forget(): void
}

interface Watch {
  readonly word: string
  readonly ends: Map<number, End>
  readonly waiting: Map<number, (end: End) => void>
  sent: boolean
}

/**
 * ssh gives a channel's exit code only when nobody holds its output any more, and 255 for a signal as well; what it says
 * meanwhile tells more. Numbers of channels are used again, so that an end counts only after the command has been sent,
 * which is known by a random word in it.
 */
export class ChannelEnds {
  readonly #watches = new Set<Watch>()

  watch(word: string): Watched {
    const watch: Watch = { word, ends: new Map(), waiting: new Map(), sent: false }
    this.#watches.add(watch)
    return {
      ended: channel =>
        new Promise(resolve => {
          const known = watch.ends.get(channel)
          if (known) resolve(known)
          else watch.waiting.set(channel, resolve)
        }),
      endOf: channel => watch.ends.get(channel),
      forget: () => this.#watches.delete(watch),
    }
  }

  hear(line: string): void {
    if (line.startsWith('Sending command: ')) {
      for (const watch of this.#watches) if (line.includes(watch.word)) watch.sent = true
      return
    }
    const [, channel, end] =
      /^client_input_channel_req: channel (\d+) rtype (exit-status|exit-signal) /.exec(line) ?? []
    if (end === undefined) return
    for (const watch of this.#watches) if (watch.sent) tell(watch, Number(channel), end as End)
  }
}

function tell({ ends, waiting }: Watch, channel: number, end: End): void {
  if (ends.has(channel)) return
  ends.set(channel, end)
  waiting.get(channel)?.(end)
}
