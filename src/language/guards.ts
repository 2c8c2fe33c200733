/** Which root variables are known to be defined where a condition is true, and where it is false. */
export interface Facts {
  readonly yes: ReadonlySet<string>
  readonly no: ReadonlySet<string>
}

const none: ReadonlySet<string> = new Set()

export const noFacts: Facts = { yes: none, no: none }

export function defined(root: string): Facts {
  return { yes: new Set([root]), no: none }
}

export function negated({ yes, no }: Facts): Facts {
  return { yes: no, no: yes }
}

/** What holds of `a && b`. */
export function both(a: Facts, b: Facts): Facts {
  return { yes: joined(a.yes, b.yes), no: common(a.no, b.no) }
}

/** What holds of `a || b`. */
export function either(a: Facts, b: Facts): Facts {
  return negated(both(negated(a), negated(b)))
}

export function joined(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return b.size === 0 ? a : new Set([...a, ...b])
}

function common(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  return new Set([...a].filter(name => b.has(name)))
}
