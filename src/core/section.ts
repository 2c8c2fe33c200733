/** What one script printed and how it ended. Bytes, bounded. */
export interface Section {
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  readonly code: number
  /** More was printed than the bound allows; the rest was thrown away. */
  readonly truncated: boolean
}

export function outText(section: Section): string {
  return Buffer.from(section.stdout).toString('utf8')
}

export function errText(section: Section): string {
  return Buffer.from(section.stderr).toString('utf8')
}
