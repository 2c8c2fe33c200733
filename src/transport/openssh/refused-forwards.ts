/** Why a jump host opened no connection to a place: only the master's own words tell, not those of who asked it. */
export class RefusedForwards {
  readonly #places = new Map<string, string>()
  readonly #reasons = new Map<string, string>()
  #place: string | undefined

  hear(line: string): void {
    const [, place] = /^channel_connect_stdio_fwd: (.*)$/.exec(line) ?? []
    if (place !== undefined) {
      this.#place = place
      this.#reasons.delete(place)
    }
    const [, opened] = /^channel (\d+): new (?:stdio-forward )?\[stdio-forward\]/.exec(line) ?? []
    if (opened !== undefined && this.#place !== undefined) this.#places.set(opened, this.#place)
    const [, refused = '', reason] = /^channel (\d+): open failed: (.*)$/.exec(line) ?? []
    const meant = this.#places.get(refused)
    if (meant !== undefined && reason !== undefined) this.#reasons.set(meant, reason)
  }

  reasonFor({ address, port }: { readonly address: string; readonly port: number }): string | undefined {
    return this.#reasons.get(`${address}:${port}`)
  }
}
