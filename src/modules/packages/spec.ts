/** One package as the user names it. */
export interface Spec {
  readonly text: string
  /** With its architecture, without version or release. */
  readonly name: string
  readonly version?: string
}

export function readSpec(text: string): Spec {
  const version = /=(.+)$/.exec(text)?.[1]
  return { text, name: text.replace(/[=/].*$/, ''), ...(version === undefined ? {} : { version }) }
}

export interface AptWish {
  readonly state: 'present' | 'latest' | 'absent'
  readonly upgrade: 'no' | 'safe' | 'dist'
  readonly purge: boolean
  readonly autoremove: boolean
  readonly default_release?: string | undefined
  readonly install_recommends?: boolean | undefined
  readonly allow_downgrade: boolean
  readonly lock_timeout: number
}
