import picocolors from 'picocolors'

export type Paint = (text: string) => string

/** The few colours there are, by what they mean. */
export interface Palette {
  readonly bold: Paint
  readonly dim: Paint
  readonly good: Paint
  readonly changed: Paint
  readonly bad: Paint
  readonly unsure: Paint
  readonly added: Paint
  readonly removed: Paint
  readonly note: Paint
}

export function createPalette(enabled: boolean): Palette {
  const paint = picocolors.createColors(enabled)
  return {
    bold: paint.bold,
    dim: paint.dim,
    good: paint.green,
    changed: paint.yellow,
    bad: paint.red,
    unsure: paint.magenta,
    added: paint.green,
    removed: paint.red,
    note: paint.cyan,
  }
}

/** NO_COLOR is stronger than FORCE_COLOR; otherwise a terminal that can. */
export function wantsColor(env: Readonly<Record<string, string | undefined>>, terminal: boolean): boolean {
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false
  if (env.FORCE_COLOR !== undefined && env.FORCE_COLOR !== '') return env.FORCE_COLOR !== '0'
  return terminal && env.TERM !== 'dumb'
}
