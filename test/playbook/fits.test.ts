import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Schema } from '../../src/core/schema.ts'
import { Secret } from '../../src/core/secret.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { surelyFits } from '../../src/playbook/args/fits.ts'
import { verdict } from '../../src/playbook/args/validate.ts'

const types = ['object', 'array', 'string', 'integer', 'number', 'boolean', 'null'] as const
const keys = ['a', 'b', 'c'] as const
const requires = fc.record({ required: fc.uniqueArray(fc.constantFrom(...keys), { minLength: 1, maxLength: 2 }) })

/** Up to three keywords, and schemas in them down to a depth. */
function schemaOf(depth: number): fc.Arbitrary<Schema> {
  const inner = depth === 0 ? fc.constant<Schema>({ type: 'string' }) : schemaOf(depth - 1)
  const some = fc.array(inner, { minLength: 1, maxLength: 2 })
  const keywords: { readonly [keyword: string]: fc.Arbitrary<unknown> } = {
    type: fc.oneof(
      fc.constantFrom(...types),
      fc.uniqueArray(fc.constantFrom(...types), { minLength: 1, maxLength: 3 }),
    ),
    properties: fc.dictionary(fc.constantFrom(...keys), inner, { maxKeys: 2 }),
    required: fc.uniqueArray(fc.constantFrom(...keys), { maxLength: 2 }),
    additionalProperties: fc.oneof(fc.boolean(), inner),
    items: inner,
    enum: fc.uniqueArray(fc.constantFrom('x', 'yy', 1, true, null), { minLength: 1, maxLength: 3 }),
    const: fc.constantFrom('x', 1, true),
    pattern: fc.constantFrom('^x', 'y$', '^.$'),
    minimum: fc.integer({ min: -1, max: 2 }),
    maximum: fc.integer({ min: -1, max: 2 }),
    minLength: fc.integer({ min: 0, max: 2 }),
    minItems: fc.integer({ min: 0, max: 2 }),
    anyOf: some,
    oneOf: fc.oneof(fc.array(requires, { minLength: 1, maxLength: 2 }), some),
    allOf: some,
    not: fc.oneof(requires, inner),
    secret: fc.constant(true),
    default: fc.constant('x'),
  }
  const one = fc.oneof(...Object.entries(keywords).map(([name, value]) => fc.tuple(fc.constant(name), value)))
  return fc
    .uniqueArray(one, { selector: ([name]) => name, maxLength: 3 })
    .map(entries => Object.fromEntries(entries) as Schema)
}

const { value } = fc.letrec(tie => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<unknown>(
      'x',
      'yy',
      '',
      '\u{1F600}',
      0,
      1,
      2,
      1.5,
      true,
      false,
      null,
      new Unknown('later'),
      new Secret('x'),
    ),
    fc.array(tie('value'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom(...keys), tie('value'), { maxKeys: 3 }),
  ),
}))

test('what surely fits is nothing the validator objects to', () => {
  let fitting = 0
  fc.assert(
    fc.property(schemaOf(2), value, (schema, value) => {
      if (!surelyFits(schema, value)) return
      fitting++
      expect(verdict(schema, value, 'it')).toEqual([])
    }),
    { numRuns: 1500 },
  )
  expect(fitting).toBeGreaterThan(300)
})
