import { describe, expect, it } from 'vitest'
import { matches, RegexError, replaceMatches } from '../../src/language/regex.ts'

describe('patterns', () => {
  it.each([
    ['pi3-1', '^pi[0-9]+-', true],
    ['PI', '(?i)pi', true],
    ['a\nb', '(?m)^b$', true],
    ['ä', '^.$', true],
    ['x', '\\d', false],
  ])('%j against %s', (text, pattern, expected) => {
    expect(matches(text, pattern)).toBe(expected)
  })

  it.each([
    ['aaa', 'a', 'b', 'bbb'],
    ['abc', '', '-', '-a-b-c-'],
    ['key=old', '(key)=.*', '\\1=new', 'key=new'],
    ['a', 'a', '\\\\1', '\\1'],
    ['ab', '(a)|(z)', '<\\2>', '<>b'],
    ['😀x😀', '😀', 'y', 'yxy'],
  ])('%j: %s by %s', (text, pattern, by, expected) => {
    expect(replaceMatches(text, pattern, by)).toBe(expected)
  })

  it.each(['(', '(a)\\1', '(?<!a)b', 'a{9999}', 'x'.repeat(1001)])('refuses %s', pattern => {
    expect(() => matches('x', pattern)).toThrow(RegexError)
  })
})
