import { describe, expect, it } from 'vitest'
import { reveal, Secret } from '../../src/core/secret.ts'
import { Unknown } from '../../src/core/unknown.ts'
import type { Vars } from '../../src/core/value.ts'
import { compileExpression } from '../../src/language/index.ts'
import { evaluate, placed } from './texts.ts'

const later = new Unknown('command has not run')
const vars: Vars = {
  a: 1,
  big: 2 ** 40,
  half: 0.5,
  num: '8',
  name: 'pi',
  t: true,
  f: false,
  nothing: null,
  list: ['p', 'q'],
  nums: [1, 2, 3],
  map: { k: 'v', 'd-e': 5, deep: { x: [10] } },
  groups: { 'pi3-workers': ['pi3-1'] },
  results: [{ rc: 0 }, { rc: 1, out: later }],
  token: new Secret('hush-hush'),
  port: new Secret('8080'),
  later,
  mixed: [1, later],
}

describe('values', () => {
  it.each([
    ['a + 1', 2],
    ['7 / 2', 3],
    ['7 % 4', 3],
    ['-a', -1],
    ['big * 1024', 2 ** 50],
    ['half * 2', 1],
    ['a + half', 1.5],
    ['double(a) / 2.0', 0.5],
    ['int(num) == 8', true],
    ['string(a) + "x"', '1x'],
    ['a == 1 && name == "pi"', true],
    ['a < 2 && half < 1', true],
    ['name != "x"', true],
    ['nothing == null', true],
    ['nothing == 1', false],
    ['"p" in list', true],
    ['"k" in map', true],
    ['"constructor" in map', false],
    ['"pi3-1" in groups["pi3-workers"]', true],
    ['map.deep.x[0]', 10],
    ['map["d-e"]', 5],
    ['[1, "a", [2]]', [1, 'a', [2]]],
    ['{"a": a, "b": {"c": list}}', { a: 1, b: { c: ['p', 'q'] } }],
    ['a == 1 ? "one" : "more"', 'one'],
    ['size(list) + size(map) + size("ä😀")', 7],
    ['list.exists(x, x == "q")', true],
    ['nums.all(x, x > 1)', false],
    ['nums.exists_one(x, x > 2)', true],
    ['nums.map(x, x * 2)', [2, 4, 6]],
    ['nums.map(x, x > 1, x * 1.5)', [3, 4.5]],
    ['nums.filter(x, x > 1)', [2, 3]],
    ['nums.exists(i, nums.exists(j, i == j + 2))', true],
    ['map.exists(k, k == "k")', true],
    ['results.exists(r, r.rc == 1)', true],
    ['name.startsWith("p") && name.endsWith("i") && name.contains("p")', true],
    ['" Pi ".trim().lower() + name.upper()', 'piPI'],
    ['upper(name)', 'PI'],
    ['name.matches("^p.$")', true],
    ['matches(name, "x")', false],
    ['"a,b".split(",")[1] + list.join("-")', 'bp-q'],
    ['bool("true")', true],
    ['type(name) == string && type(a) == int && type(groups) != string', true],
    ['r"a\\d"', 'a\\d'],
    ['duration("90m") > duration("1h")', true],
    ['a == 1 // a comment', true],
  ])('%s', (text, value) => {
    expect(evaluate(text, vars)).toEqual(value)
  })

  it('a variable may bear the name of a type', () => {
    expect(evaluate('list', vars)).toEqual(['p', 'q'])
    expect(evaluate('type("x") == string && type([1]) == list && type({}) == map', {})).toBe(true)
  })

  it('an integer that no number holds exactly is a mistake, not another integer', () => {
    expect(() => evaluate('9007199254740993')).toThrow('too large a number')
    expect(() => evaluate('9223372036854775807 + 1')).toThrow('overflow')
  })
})

describe('has and default', () => {
  it.each([
    ['has(zebra)', false],
    ['has(zebra.x.y)', false],
    ['has(map.k)', true],
    ['has(map.zebra)', false],
    ['has(map["d-e"])', true],
    ['has(list[5])', false],
    ['has(later)', true],
    ['has(later.x)', later],
    ['has(zebra) && zebra > 1', false],
    ['!has(zebra) || zebra', true],
    ['has(zebra) ? zebra : 3', 3],
    ['default(zebra, 4)', 4],
    ['default(zebra.x, "y")', 'y'],
    ['default(map.zebra, map.k)', 'v'],
    ['default(a, 4)', 1],
    ['default(nothing, 4)', null],
  ])('%s', (text, value) => {
    expect(evaluate(text, vars)).toEqual(value)
  })
})

describe('three values', () => {
  const values: readonly (readonly [string, boolean | Unknown])[] = [
    ['t', true],
    ['f', false],
    ['later', later],
  ]
  const and = (a: unknown, b: unknown) => (a === false || b === false ? false : a === true && b === true ? true : later)
  const or = (a: unknown, b: unknown) => (a === true || b === true ? true : a === false && b === false ? false : later)
  const pairs = values.flatMap(a => values.map(b => [a, b] as const))

  it.each(pairs)('%j and %j', ([left, a], [right, b]) => {
    expect(evaluate(`${left} && ${right}`, vars)).toBe(and(a, b))
    expect(evaluate(`${left} || ${right}`, vars)).toBe(or(a, b))
    expect(evaluate(`!(${left} && ${right})`, vars)).toBe(or(a === later ? later : !a, b === later ? later : !b))
  })

  it.each([
    ['later == 1', later],
    ['later.rc + 1', later],
    ['list[later]', later],
    ['map[later]', later],
    ['size(later)', later],
    ['later.matches("x")', later],
    ['later ? 1 : 2', later],
    ['t ? 1 : later', 1],
    ['mixed == nums', later],
    ['mixed[0] == 1', true],
    ['size(mixed)', 2],
    ['mixed.exists(x, x == 1)', true],
    ['mixed.exists(x, x == 2)', later],
    ['mixed.all(x, x == 2)', false],
    ['mixed.filter(x, x == 1)', later],
    ['mixed.map(x, x == 1)', [true, later]],
    ['results[1].rc == 1', true],
    ['later && zebra > 1', later],
    ['[later]', [later]],
  ])('%s', (text, value) => {
    expect(evaluate(text, vars)).toEqual(value)
  })
})

describe('Secret', () => {
  it.each([
    ['token == "hush-hush"', true],
    ['token != ""', true],
    ['token in ["x"]', false],
    ['size(token) > 8', true],
    ['token.startsWith("hush")', true],
    ['int(port) > 1024', true],
    ['token == "x" ? "y" : "z"', 'z'],
  ])('a comparison is plain: %s', (text, value) => {
    expect(evaluate(text, vars)).toBe(value)
  })

  it.each([
    ['token', 'hush-hush'],
    ['"x" + token', 'xhush-hush'],
    ['token.upper()', 'HUSH-HUSH'],
    ['size(token)', '9'],
    ['int(port) + 1', '8081'],
    ['token.split("-")[0]', 'hush'],
    ['string(bytes(token))', 'hush-hush'],
    ['bytes(token)', 'hush-hush'],
    ['{"k": token}.k', 'hush-hush'],
    ['[token].map(t, t + "!")[0]', 'hush-hush!'],
  ])('anything else is one: %s', (text, value) => {
    const result = evaluate(text, vars)
    expect(result).toBeInstanceOf(Secret)
    expect(reveal(result as Secret)).toBe(value)
  })
})

describe('references', () => {
  const of = (text: string) =>
    compileExpression(text, placed(text)).references.map(
      ({ root, path, guarded }) => [root, ...path].join('.') + (guarded ? '?' : ''),
    )

  it.each([
    ['a.b["c"][0].d == x', ['a.b.c.0.d', 'x']],
    ['a[b].c', ['a', 'b']],
    ['has(a.b) && a.b.c', ['a.b?', 'a.b.c?']],
    ['has(a) || a', ['a?', 'a']],
    ['!has(a) || a', ['a?', 'a?']],
    ['!(has(a) && has(b)) ? c : a + b', ['a?', 'b?', 'c', 'a?', 'b?']],
    ['default(a.b, c)', ['a.b?', 'c']],
    ['default(size(a), 1)', ['a']],
    ['xs.exists(x, x.y == z)', ['xs', 'z']],
    ['x && xs.all(x, x)', ['x', 'xs']],
    ['type(a) == string', ['a', 'string?']],
  ])('%s', (text, expected) => {
    expect(of(text)).toEqual(expected)
  })
})

it('a pattern cannot hang it', () => {
  const text = `${'a'.repeat(50_000)}b`
  const start = performance.now()
  expect(evaluate('text.matches("^(a+)+$") || text.matches("^(a|a)*$") || text.matches("(.*a){12}c")', { text })).toBe(
    false,
  )
  expect(performance.now() - start).toBeLessThan(5000)
  expect(() => evaluate('text.matches("a")', { text: 'a'.repeat(2 ** 21) })).toThrow('longer than 1 MiB')
})

it('loops within loops end', () => {
  const xs = Array.from({ length: 1100 }, (_, i) => i)
  expect(() => evaluate('xs.all(x, xs.all(y, y >= 0))', { xs })).toThrow('the loops run more than')
})
