import { describe, expect, test } from 'vitest'
import { OMIT } from '../../src/core/omit.ts'
import type { Schema } from '../../src/core/schema.ts'
import { Secret } from '../../src/core/secret.ts'
import { Unknown } from '../../src/core/unknown.ts'
import type { Value, Vars } from '../../src/core/value.ts'
import { coerceArgs, validateArgs } from '../../src/playbook/index.ts'

const args = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: { type: 'string', minLength: 1 },
    mode: { type: 'string', pattern: '^0?[0-7]{3}$', expects: "a mode such as '0644'" },
    count: { type: 'integer', minimum: 1, maximum: 9 },
    ratio: { type: 'number' },
    force: { type: 'boolean', default: false },
    state: { enum: ['present', 'absent'], default: 'present' },
    list: { type: 'array', items: { type: 'string' }, minItems: 1 },
    either: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    size: { anyOf: [{ type: 'integer' }, { enum: ['max'] }] },
    nothing: { type: ['string', 'null'] },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    nested: {
      type: 'object',
      additionalProperties: false,
      required: ['a'],
      properties: { a: { type: 'integer' }, b: { type: 'boolean', default: true } },
    },
    token: { type: 'string', pattern: '^K', secret: true },
    any: {},
    src: { type: 'string' },
    content: { type: 'string' },
  },
  not: { required: ['src', 'content'] },
} as const satisfies Schema
const spec = { name: 'thing', args }

describe('validation', () => {
  test.each<[string, Vars, readonly string[]]>([
    ['well', { name: 'a', mode: '0644', labels: { x: 'y' }, nested: { a: 1 } }, []],
    ['missing', {}, ["missing-key  'thing' needs 'name'"]],
    ['unknown', { name: 'a', sorce: 1 }, ["unknown-key sorce 'thing' has no 'sorce' [did you mean 'force'?]"]],
    ['type', { name: 'a', count: 'x' }, ["wrong-type count 'count' must be a whole number, not a text"]],
    [
      'quoted number',
      { name: 'a', count: '5' },
      ["wrong-type count 'count' must be a whole number, not a text [take the quotes away]"],
    ],
    ['fraction', { name: 'a', count: 1.5 }, ["wrong-type count 'count' must be a whole number, not a number"]],
    ['range', { name: 'a', count: 10 }, ["wrong-value count 'count' must be at most 9, not '10'"]],
    ['number for text', { name: 5 }, ["wrong-type name 'name' must be a text, not a number [put it in quotes]"]],
    ['empty', { name: '' }, ["wrong-value name 'name' must not be empty"]],
    [
      'nothing given',
      { name: null },
      ["wrong-type name 'name' must be a text, not nothing [give it a value, or take the line out]"],
    ],
    [
      'a mode as number',
      { name: 'a', mode: 644 },
      ["wrong-type mode 'mode' must be a text, not a number [a mode is a text in quotes, such as '0644']"],
    ],
    ['pattern', { name: 'a', mode: 'rw' }, ["wrong-value mode 'mode' must be a mode such as '0644', not 'rw'"]],
    ['truth', { name: 'a', force: 'no' }, ["wrong-type force 'force' must be true or false, not a text [write false]"]],
    [
      'enum',
      { name: 'a', state: 'presnt' },
      ["wrong-value state 'state' must be present or absent, not 'presnt' [did you mean 'present'?]"],
    ],
    [
      'text for list',
      { name: 'a', list: 'x' },
      ["wrong-type list 'list' must be a list, not a text [write it as a list: [one, two]]"],
    ],
    ['too few', { name: 'a', list: [] }, ["wrong-value list 'list' needs at least 1 of them"]],
    [
      'an item',
      { name: 'a', list: ['x', 1] },
      ["wrong-type list/1 'list[1]' must be a text, not a number [put it in quotes]"],
    ],
    ['either', { name: 'a', either: {} }, ["wrong-type either 'either' must be a text or a list, not a map"]],
    [
      'an item of either',
      { name: 'a', either: [1] },
      ["wrong-type either/0 'either[0]' must be a text, not a number [put it in quotes]"],
    ],
    [
      'below',
      { name: 'a', nested: { b: true, c: 1 } },
      ["missing-key nested 'nested' needs 'a'", "unknown-key nested/c 'nested' has no 'c' [known are a, b]"],
    ],
    [
      'labels',
      { name: 'a', labels: { 'a.b/c': true } },
      ["wrong-type labels/a.b/c 'labels.a.b/c' must be a text, not a truth value [put it in quotes]"],
    ],
    ['both', { name: 'a', src: 'x', content: 'y' }, ["conflicting  'thing' takes 'src' or 'content', not both"]],
    [
      'several at once',
      { count: 0, force: 1 },
      [
        "missing-key  'thing' needs 'name'",
        "wrong-value count 'count' must be at least 1, not '0'",
        "wrong-type force 'force' must be true or false, not a number",
      ],
    ],
  ])('%s', (_, values, expected) => {
    const got = validateArgs(spec, values).map(
      ({ code, path, message, hint }) => `${code} ${path.join('/')} ${message}${hint ? ` [${hint}]` : ''}`,
    )
    expect([...got].sort()).toEqual([...expected].sort())
  })

  test('what is Unknown fits everywhere, and what is around it is still checked', () => {
    const unknown = new Unknown('later')
    expect(
      validateArgs(spec, { name: unknown, count: unknown, either: [unknown], nested: { a: unknown }, state: unknown }),
    ).toEqual([])
    expect(validateArgs(spec, { name: unknown, either: [unknown, 1] })).toMatchObject([{ path: ['either', 1] }])
    expect(validateArgs(spec, { name: 'a', src: unknown, content: unknown })).toMatchObject([{ code: 'conflicting' }])
  })

  test('a secret is checked by its text and never shown', () => {
    expect(validateArgs(spec, { name: 'a', token: new Secret('K123456') })).toEqual([])
    const [problem] = validateArgs(spec, { name: 'a', token: new Secret('hunter2x') })
    expect(problem).toMatchObject({ path: ['token'], code: 'wrong-value' })
    expect(JSON.stringify(problem)).not.toContain('hunter2x')
    expect(JSON.stringify(validateArgs(spec, { name: 'a', state: new Secret('hunter2x') }))).not.toContain('hunter2x')
  })
})

describe('coercion of what templates gave', () => {
  const coerced = (values: Vars): Value => {
    const result = coerceArgs(spec, { name: 'a', ...values })
    if (!('args' in result)) throw new Error(result.problems.map(({ message }) => message).join('; '))
    const { name: _, force, state, ...rest } = result.args
    expect([force, state]).toEqual([force ?? false, state ?? 'present'])
    return rest
  }
  test.each<[Vars, Vars]>([
    [{}, {}],
    [{ count: '8' }, { count: 8 }],
    [{ count: ' 8 ' }, { count: 8 }],
    [{ ratio: '1.5' }, { ratio: 1.5 }],
    [{ either: 5 }, { either: '5' }],
    [{ size: '5' }, { size: 5 }],
    [{ size: 'max' }, { size: 'max' }],
    [{ src: 5 }, { src: '5' }],
    [{ src: true }, { src: 'true' }],
    [{ src: OMIT }, {}],
    [{ src: null }, {}],
    [{ nothing: null }, { nothing: null }],
    [{ list: ['a', OMIT, 2] }, { list: ['a', '2'] }],
    [{ labels: { x: 1 } }, { labels: { x: '1' } }],
    [{ nested: { a: '1' } }, { nested: { a: 1, b: true } }],
    [{ any: { deep: [1, '1'] } }, { any: { deep: [1, '1'] } }],
  ])('%j', (values, expected) => expect(coerced(values)).toEqual(expected))

  test('defaults are filled in', () => {
    expect(coerceArgs(spec, { name: 'a' })).toEqual({ args: { name: 'a', force: false, state: 'present' } })
  })
  test.each<[string, Value]>([
    ['True', true],
    ['false', false],
  ])('"%s" is a truth value', (text, value) => {
    expect(coerceArgs(spec, { name: 'a', force: text })).toMatchObject({ args: { force: value } })
  })
  test.each<[Vars]>([
    [{ force: 'yes' }],
    [{ mode: 420 }],
    [{ count: '1.5' }],
    [{ list: 'a' }],
    [{ src: [1] }],
    [{ name: null }],
    [{ name: OMIT }],
  ])('%j stays a problem', values => {
    expect(coerceArgs(spec, { name: 'a', ...values })).toHaveProperty('problems')
  })
  test('secrets and Unknowns pass as they are', () => {
    const secret = new Secret('K1234567')
    const unknown = new Unknown('later')
    expect(coerceArgs(spec, { name: unknown, token: secret })).toMatchObject({ args: { name: unknown, token: secret } })
  })
})
