import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Mistake } from '../../src/core/diagnostic.ts'
import { containsSecret, Secret } from '../../src/core/secret.ts'
import { findUnknown, Unknown } from '../../src/core/unknown.ts'
import type { Value, Vars } from '../../src/core/value.ts'
import { revealAll } from '../../src/language/conceal.ts'
import { expressionTexts, expressionVars } from './expression-cases.ts'
import { callOf, helperCases, varsOf } from './helper-cases.ts'
import { evaluate, mistakesOf, render } from './texts.ts'

const word = 'hush-hush-hush'

/** Where in the variables a value sits: the way down to it. */
type Way = readonly (string | number)[]

function ways(value: Value, way: Way = []): readonly Way[] {
  if (typeof value !== 'object' || value === null) return [way]
  return [way, ...Object.entries(value).flatMap(([key, part]) => ways(part, [...way, key]))]
}

function put(value: Value, [key, ...rest]: Way, into: (old: Value) => Value): Value {
  if (key === undefined) return into(value)
  const copy = Array.isArray(value) ? [...value] : { ...(value as object) }
  const parts = copy as { [key: string]: Value }
  parts[key] = put(parts[key]!, rest, into)
  return parts
}

function leaf(value: Value, way: Way): Value {
  return way.reduce<Value>((at, key) => (at as { [key: string]: Value })[key]!, value)
}

interface Sample {
  readonly text: string
  readonly vars: Vars
  readonly run: (text: string, vars: Vars) => Value
}

const ofHelpers: readonly Sample[] = helperCases.flatMap(each => [
  { text: `{{${callOf(each)}}}`, vars: varsOf(each.args), run: render },
  { text: `- {{${callOf(each)}}}`, vars: varsOf(each.args), run: render },
  { text: `{{#if (${callOf(each)})}}1{{else}}2{{/if}}`, vars: varsOf(each.args), run: render },
])

const ofExpressions: readonly Sample[] = expressionTexts.map(text => ({ text, vars: expressionVars, run: evaluate }))

const samples = [...ofHelpers, ...ofExpressions]
const sampleAndWay = fc
  .constantFrom(...samples)
  .chain(sample =>
    fc.tuple(fc.constant(sample), fc.constantFrom(...ways(sample.vars as Value).filter(way => way.length > 0))),
  )

const anything: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>('x', '', 'yes', 'zz', 0, 1, 7, true, false, null, ['x'], [], { x: 'y' }),
  fc.string({ maxLength: 4 }),
  fc.integer({ min: -9, max: 9 }),
)

function attempt({ text, run }: Sample, vars: Value): Value | undefined {
  try {
    return run(text, vars as Vars)
  } catch (error) {
    if (error instanceof Mistake) return undefined
    throw error
  }
}

describe('what is known does not depend on what is Unknown', () => {
  it('in every helper, operator and function, wherever the Unknown sits', () => {
    fc.assert(
      fc.property(sampleAndWay, fc.array(anything, { minLength: 5, maxLength: 5 }), ([sample, way], values) => {
        const known = attempt(
          sample,
          put(sample.vars as Value, way, () => new Unknown('later')),
        )
        if (known === undefined || findUnknown(known) !== undefined) return
        for (const value of [leaf(sample.vars as Value, way), ...values]) {
          const run = attempt(
            sample,
            put(sample.vars as Value, way, () => value),
          )
          // A run may fail on a value of another kind; it may not decide otherwise.
          if (run !== undefined) expect(run).toEqual(known)
        }
      }),
      { numRuns: 1500 },
    )
  })

  it.each(helperCases.map(each => [each.name, each] as const))('%s tells nothing of an Unknown argument', (_, each) => {
    const unknown = new Unknown('later')
    for (const [i] of each.args.entries()) {
      const args = each.args.map((arg, j) => (i === j ? unknown : arg))
      const given = render(`{{${callOf(each)}}}`, varsOf(args))
      const lazy = ['default', 'and', 'or', 'ternary', 'has', 'exists', 'concat', 'merge', 'lookup'].includes(each.name)
      if (!lazy) expect(given).toBe(unknown)
    }
  })
})

describe('what is not a Secret does not tell a secret', () => {
  const texts = fc.constantFrom(...samples).chain(sample => {
    const strings = ways(sample.vars as Value).filter(way => typeof leaf(sample.vars as Value, way) === 'string')
    return strings.length === 0 ? fc.constant(undefined) : fc.tuple(fc.constant(sample), fc.constantFrom(...strings))
  })

  it('in every helper, operator and function, wherever the secret sits', () => {
    fc.assert(
      fc.property(texts, found => {
        if (found === undefined) return
        const [sample, way] = found
        const plain = attempt(sample, sample.vars as Value)
        const secret = attempt(
          sample,
          put(sample.vars as Value, way, old => new Secret(old as string)),
        )
        if (plain === undefined || secret === undefined) return
        expect(revealAll(secret)).toEqual(plain)
        // A comparison is a plain boolean, wherever it stands, and a condition over a secret may choose what is none.
        const booleans =
          /^(- )?(true|false)$/.test(String(plain)) || /#if|ternary|empty=true|\?|filter|map\(i, i >/.test(sample.text)
        if (containsSecret(secret) || booleans) return
        const other = attempt(
          sample,
          put(sample.vars as Value, way, () => new Secret(word)),
        )
        if (other !== undefined) expect(other).toEqual(secret)
      }),
      { numRuns: 1500 },
    )
  })

  it('nor does a complaint about it', () => {
    const texts = [
      '{{int s}}',
      '{{bool s}}',
      '{{add s 1}}',
      '{{ip_network s}}',
      '{{regex_match "x" s}}',
      '{{lookup m s}}',
      '{{b64decode s}}',
    ]
    const expressions = [
      'int(s)',
      'bool(s)',
      'm[s]',
      's && true',
      's.matches(s)',
      '"x".matches(s)',
      'timestamp(s)',
      's + 1',
      'm[s].x',
      'duration(s)',
      'json(bytes(s))',
      'bytes(s).at(100)',
      'timestamp("2026-01-02T03:04:05Z").getHours(s)',
    ]
    const vars = { s: new Secret(`(${word}`), m: { k: 1 } }
    const said = [
      ...texts.map(text => mistakesOf(() => render(text, vars))),
      ...expressions.map(text => mistakesOf(() => evaluate(text, vars))),
    ]
    for (const diagnostics of said) {
      expect(diagnostics).toHaveLength(1)
      expect(`${diagnostics[0]?.message} ${diagnostics[0]?.hint}`).not.toContain(word)
    }
  })
})
