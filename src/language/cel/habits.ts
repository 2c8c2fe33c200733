import { type Rule, rules } from './habit-rules.ts'

/** An expression written as for Jinja: where the first such spelling stands, and the whole in ours. */
export interface Habit {
  readonly start: number
  readonly end: number
  readonly message: string
  /** The whole in our spelling, as far as it could be rewritten. */
  readonly ours: string
}

/** Finds Jinja's spellings outside strings, and rewrites them all. undefined where there are none. */
export function habitOf(text: string): Habit | undefined {
  const strings: string[] = []
  // Each string becomes a run of one private character: places stay right, and its contents are out of the way.
  const masked = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, found =>
    String.fromCharCode(firstMask + strings.push(found) - 1).repeat(found.length),
  )
  const first = rules
    .flatMap(rule => [...masked.matchAll(rule.pattern)].slice(0, 1).map(found => ({ rule, found })))
    .sort((a, b) => a.found.index - b.found.index)[0]
  if (first === undefined || strings.length > mostMasks) return undefined
  const ours = rules.reduce(rewrite, masked).trim()
  const start = first.found.index + first.found[0].search(/\S/)
  return {
    start,
    end: start + first.found[0].trim().length,
    message: `${first.rule.message}; expressions here are CEL`,
    ours: ours.replace(/([\uE000-\uF8FF])\1*/g, (_, mask: string) => strings[mask.charCodeAt(0) - firstMask]!),
  }
}

const firstMask = 0xe000
const mostMasks = 6400

function rewrite(text: string, { pattern, ours }: Rule): string {
  if (typeof ours === 'string') return text.replace(pattern, () => ours)
  return text.replace(pattern, (_whole: string, ...groups: string[]) => ours(...groups))
}
