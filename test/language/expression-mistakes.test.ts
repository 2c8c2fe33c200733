import { describe, expect, it } from 'vitest'
import { position } from '../../src/core/span.ts'
import type { Vars } from '../../src/core/value.ts'
import { evaluate, mistakesOf, stretch } from './texts.ts'

const vars: Vars = {
  a: 1,
  name: 'pi',
  num: '8',
  yes_: true,
  list: ['p'],
  nums: [1],
  map: { k: 'v', 'd-e': 1 },
  nothing: null,
  groups: { 'pi3-workers': [] },
  results: [{ rc: 0 }, {}],
}

type Row = readonly [text: string, code: string, where: string, hint: string]

const rows: readonly Row[] = [
  // what is not there
  ['nme == "x"', 'undefined-variable', 'nme', 'did you mean "name"?'],
  ['a == 1 && zebra.x', 'undefined-variable', 'zebra', 'define it'],
  ['map.kk', 'undefined-variable', 'map.kk', 'it has: k, d-e'],
  ['map.k.deeper', 'undefined-variable', 'map.k.deeper', ''],
  ['list[3]', 'undefined-variable', 'list[3]', 'number 0'],
  ['results.all(r, r.rc == 0)', 'undefined-variable', 'r.rc', 'it is empty'],
  ['map.constructor', 'undefined-variable', 'map.constructor', 'it has'],
  ['map.__proto__', 'undefined-variable', 'map.__proto__', 'it has'],
  ['map.d-e', 'undefined-variable', 'map.d', 'write map["d-e"]'],
  // kinds
  ['a == "1"', 'wrong-type', 'a == "1"', 'int(x)'],
  ['num != 8', 'wrong-type', 'num != 8', 'int(x)'],
  ['yes_ == "true"', 'wrong-type', 'yes_ == "true"', 'without quotes'],
  ['num in nums', 'wrong-type', 'num in nums', 'int(x)'],
  ['"p" in name', 'wrong-type', '"p" in name', 'x.contains(y)'],
  ['a < num', 'wrong-type', 'a < num', 'int(x)'],
  ['"n" + a', 'wrong-type', '"n" + a', 'string(x)'],
  ['name && true', 'wrong-type', 'name', 'x != ""'],
  ['true && a', 'wrong-type', 'a', 'x == 0'],
  ['!list', 'wrong-type', 'list', 'size(x) > 0'],
  ['nothing ? 1 : 2', 'wrong-type', 'nothing', 'x != null'],
  ['list.exists(x, x)', 'wrong-type', 'x', 'x != ""'],
  ['name.exists(x, true)', 'wrong-type', 'name', ''],
  ['a.matches("x")', 'wrong-type', 'a.matches("x")', ''],
  ['int("x")', 'wrong-value', 'int("x")', ''],
  ['a / 0', 'wrong-value', 'a / 0', ''],
  ['name.matches("(")', 'wrong-value', 'name.matches("(")', ''],
  ['name.matches("(?=x)")', 'wrong-value', 'name.matches("(?=x)")', 'RE2'],
  // shape
  ['', 'expression-syntax', '', 'leave it out'],
  ['a &&', 'expression-syntax', '', 'close its brackets'],
  ['(a', 'expression-syntax', '', 'close its brackets'],
  ['a b', 'expression-syntax', 'b', 'write a condition'],
  ['"x', 'expression-syntax', '"x', 'write a condition'],
  ['has(1)', 'expression-syntax', 'has(1)', 'has(x.y)'],
  ['size()', 'expression-syntax', 'size()', ''],
  ['sze(list)', 'unknown-helper', 'sze(list)', 'did you mean "size"?'],
  ['len(list)', 'unknown-helper', 'len(list)', 'write size(x)'],
  ['name.startswith("p")', 'unknown-helper', 'name.startswith("p")', 'startsWith'],
  ['name.constructor("p")', 'unknown-helper', 'name.constructor("p")', 'there are size'],
  // Jinja
  ['a == 1 and name', 'jinja-habit', 'and', 'write a == 1 && name'],
  ['a or name', 'jinja-habit', 'or', 'write a || name'],
  ['not a', 'jinja-habit', 'not', 'write !a'],
  ['not a == 1', 'jinja-habit', 'not a == 1', 'write !(a == 1)'],
  ['zebra is defined', 'jinja-habit', 'zebra is defined', 'write has(zebra)'],
  ['zebra.x is not defined', 'jinja-habit', 'zebra.x is not defined', 'write !has(zebra.x)'],
  ['zebra is undefined or not a', 'jinja-habit', 'zebra is undefined', 'write !has(zebra) || !a'],
  ['name is not none', 'jinja-habit', 'name is not none', 'write name != null'],
  ['r is failed', 'jinja-habit', 'r is failed', 'write r.failed'],
  ['r is succeeded', 'jinja-habit', 'r is succeeded', 'write !r.failed'],
  ["name is match('p.*')", 'jinja-habit', "name is match('p.*')", "write name.matches('p.*')"],
  ["name is version('1', '>')", 'jinja-habit', "name is version('1', '>')", 'write && ||'],
  ['a not in list', 'jinja-habit', 'a not in list', 'write !(a in list)'],
  ["zebra | default('and') == 'x'", 'jinja-habit', "zebra | default('and')", "write default(zebra, 'and') == 'x'"],
  ['list | length > 1', 'jinja-habit', 'list | length', 'write size(list) > 1'],
  ['num | int > 1', 'jinja-habit', 'num | int', 'write int(num) > 1'],
  ['name = "x"', 'jinja-habit', '=', 'write name == "x"'],
  ['{{ name }} == "x"', 'jinja-habit', '{{ name }}', 'write name == "x"'],
  ["'{{ name }}' == 'x'", 'jinja-habit', "'{{ name }}'", 'write name, without braces'],
  ['a if yes_ else name', 'jinja-habit', 'a if yes_ else name', 'write yes_ ? a : name'],
  ['yes', 'jinja-habit', 'yes', 'write true'],
  ['a == True', 'jinja-habit', 'True', 'write true'],
  ['name != None', 'jinja-habit', 'None', 'write null'],
  ['groups.pi3-workers', 'jinja-habit', 'groups.pi3-workers', 'write groups["pi3-workers"]'],
  ['size(groups.pi3-workers) > 0', 'jinja-habit', 'groups.pi3-workers', 'write groups["pi3-workers"]'],
]

describe('what is wrong, where, and what mends it', () => {
  it.each(rows)('%s', (text, code, where, hint) => {
    const [first] = mistakesOf(() => evaluate(text, vars))
    expect(first?.code).toBe(code)
    expect(first?.hint ?? '').toContain(hint)
    expect(stretch(first!)).toBe(where)
  })
})

it('names the line of an expression of several', () => {
  const [first] = mistakesOf(() => evaluate('a == 1\n  && zebra', vars))
  expect(position(first!.span!)).toEqual({ line: 3, column: 6 })
})

it('tells every mistake of an expression', () => {
  const found = mistakesOf(() => evaluate('sze(a) == 1 && len(b) == 2 && True', vars))
  expect(found.map(({ code }) => code)).toEqual(['unknown-helper', 'unknown-helper', 'jinja-habit'])
})
