import { Secret } from '../../../src/core/secret.ts'
import { Unknown } from '../../../src/core/unknown.ts'

/** Where what was decided is not what came: known values must be equal, an Unknown may have become anything. */
export function disagreements(decided: unknown, came: unknown, at: string): readonly string[] {
  if (decided instanceof Unknown) return []
  if (decided instanceof Secret && came instanceof Secret) {
    return decided.reveal() === came.reveal() ? [] : [`${at}: another secret`]
  }
  if (isPlain(decided) && isPlain(came)) {
    const names = [...new Set([...Object.keys(decided), ...Object.keys(came)])]
    return names.flatMap(name => disagreements(decided[name], came[name], `${at}.${name}`))
  }
  return Object.is(decided, came) ? [] : [`${at}: ${shown(decided)} was decided, ${shown(came)} came`]
}

function isPlain(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !(value instanceof Secret) && !(value instanceof Unknown)
}

function shown(value: unknown): string {
  return value === undefined ? 'nothing' : (JSON.stringify(value) ?? String(value)).slice(0, 300)
}
