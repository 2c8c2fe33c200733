import { describe, expect, it } from 'vitest'
import { helperPages } from '../../src/language/index.ts'
import { callOf, helperCases, varsOf } from './helper-cases.ts'
import { mistakesOf, render } from './texts.ts'

describe('helpers', () => {
  it.each(helperCases.map(each => [`${each.name} ${JSON.stringify(each.args)} ${each.options ?? ''}`, each] as const))(
    '%s',
    (_, each) => {
      expect(render(`{{${callOf(each)}}}`, varsOf(each.args))).toEqual(each.gives)
    },
  )

  it('each has a case and a page', () => {
    const named = new Set(helperCases.map(({ name }) => name))
    expect(helperPages().map(({ name }) => name)).toEqual([...named].sort())
    for (const { summary, usage, name } of helperPages()) {
      expect(summary).toMatch(/^[A-Z].*\.$/)
      expect(usage.startsWith(`{{${name} `)).toBe(true)
    }
  })
})

describe('what a helper cannot work with', () => {
  it.each([
    ['lower a0', [['x']], 'wrong-type', 'lower: wants a string, got a list'],
    ['join a0 ","', ['x'], 'wrong-type', 'join: wants a list, got a string'],
    ['keys a0', [['x']], 'wrong-type', 'keys: wants a map, got a list'],
    ['add a0 1', ['1'], 'wrong-type', 'add: wants a number, got a string'],
    ['int a0', ['0x10'], 'wrong-value', 'int: this text is no number: "0x10"'],
    ['int a0', ['99999999999999999999'], 'wrong-value', 'int: this whole number is too large'],
    ['bool a0', ['maybe'], 'wrong-value', 'bool: this is neither true nor false: "maybe"'],
    ['div 1 a0', [0], 'wrong-value', 'div: divides by zero'],
    ['mul a0 a0', [1e200], 'wrong-value', 'mul: the result is too large'],
    ['sort a0', [[1, 'a']], 'wrong-type', 'sort: orders two numbers or two strings'],
    ['lt a0 1', ['1'], 'wrong-type', 'lt: orders two numbers or two strings'],
    ['eq a0 "1"', [1], 'wrong-type', 'eq: compares a number with a string'],
    ['range a0', [1e9], 'wrong-value', 'range: a range may have 100000 numbers'],
    ['range 0 5 a0', [0], 'wrong-value', 'range: a range may have 100000 numbers'],
    ['indent a0 -1', ['x'], 'wrong-value', 'indent: indents by 0 to 1000'],
    ['quote a0', ['a\0b'], 'wrong-value', 'quote: a NUL byte'],
    ['b64decode a0', ['/w=='], 'wrong-value', 'b64decode: what this base64 holds is not text'],
    ['b64decode a0', ['?'], 'wrong-value', 'b64decode: this text is not base64'],
    ['regex_match a0 "("', ['x'], 'wrong-value', 'regex_match: bad pattern'],
    ['regex_match a0 "(a)\\1"', ['x'], 'wrong-value', 'regex_match: bad pattern'],
    ['regex_replace a0 "x" "\\3"', ['x'], 'wrong-value', 'regex_replace: the pattern has no such group: "3"'],
    ['ip_network a0', ['10.1'], 'wrong-value', 'ip_network: this is no IP address'],
    ['ip_prefix a0', ['10.0.0.1/33'], 'wrong-value', 'ip_prefix: a prefix is 0 to 32'],
  ])('%s of %j', (call, args, code, message) => {
    const [first, ...more] = mistakesOf(() => render(`{{${call}}}`, varsOf(args)))
    expect(more).toEqual([])
    expect(first).toMatchObject({ code, message: expect.stringContaining(message) })
  })
})
