import { describe, expect, it } from 'vitest'
import { OMIT } from '../../src/core/omit.ts'
import { place, type Source } from '../../src/core/span.ts'
import { Unknown } from '../../src/core/unknown.ts'
import type { Value, Vars } from '../../src/core/value.ts'
import { compileTree, type Node, renderTree, staticValue, treeReferences, varsScope } from '../../src/language/index.ts'
import { mistakesOf, stretch } from './texts.ts'

const source: Source = { file: 'site.yml', text: 'a: "{{x}}"\nb: ["{{y}}", 7]\nc: {d: "{{lowr x}} {{uppr x}}"}\n' }

/** A node of plain data; a string's span is where it stands in the source, when it does. */
function node(data: unknown): Node {
  const start = typeof data === 'string' ? Math.max(0, source.text.indexOf(data)) : 0
  const span = { source, start, end: start + (typeof data === 'string' ? data.length : 0) }
  if (Array.isArray(data)) return { kind: 'list', items: data.map(node), span }
  if (typeof data === 'object' && data !== null) {
    const entries = Object.entries(data).map(([key, value]) => ({ key, keySpan: span, value: node(value) }))
    return { kind: 'map', entries, span }
  }
  return { kind: 'scalar', value: data as string, span }
}

const render = (data: unknown, vars: Vars): Value => renderTree(compileTree(node(data)), varsScope(vars))

describe('trees', () => {
  it('keep their shape, and the types of single expressions', () => {
    const data = { a: '{{x}}', b: ['{{y}}', 7, null, true, 'plain'], c: { d: 'is {{x}}' } }
    expect(render(data, { x: 1, y: ['z'] })).toEqual({ a: 1, b: [['z'], 7, null, true, 'plain'], c: { d: 'is 1' } })
  })

  it('keep an Unknown where it is', () => {
    const later = new Unknown('later')
    expect(render({ a: '{{x}}', b: 'on {{x}}', c: 1 }, { x: later })).toEqual({ a: later, b: later, c: 1 })
  })

  it('leave out what comes to omit', () => {
    expect(render({ a: '{{default x omit}}', b: ['{{omit}}', 1] }, { omit: OMIT })).toEqual({ b: [1] })
  })

  it('compile no value again, whatever it holds', () => {
    const vars = { x: '{{secret}}', y: ['{{#each secret}}'], secret: 'leaked', z: '{{x}}' }
    expect(
      render({ a: '{{x}}', b: '-{{x}}', c: '{{y}}', d: '{{z}}', e: '{{default z "x"}}{{lookup y 0}}' }, vars),
    ).toEqual({
      a: '{{secret}}',
      b: '-{{secret}}',
      c: ['{{#each secret}}'],
      d: '{{x}}',
      e: '{{x}}{{#each secret}}',
    })
  })

  it('compile nothing that is marked as literal', () => {
    const span = { source, start: 0, end: 0 }
    expect(compileTree({ kind: 'scalar', value: '{{x}}', span, literal: true })).toMatchObject({
      kind: 'value',
      value: '{{x}}',
    })
  })

  it('keep a key of JavaScript a key', () => {
    const rendered = render(JSON.parse('{"__proto__": "{{x}}", "constructor": 1}'), { x: 1 })
    expect(Object.keys(rendered as object)).toEqual(['__proto__', 'constructor'])
    expect(Object.getPrototypeOf(rendered)).toBe(Object.prototype)
  })

  it('tell all references, and which have none', () => {
    const tree = compileTree(node({ a: '{{x.y}}', b: ['{{default z 1}}', 7] }))
    expect(treeReferences(tree).map(({ root, guarded }) => [root, guarded])).toEqual([
      ['x', false],
      ['z', true],
    ])
    expect(staticValue(tree)).toBeUndefined()
    expect(staticValue(compileTree(node({ a: [1, null], b: 'x' })))).toEqual({ a: [1, null], b: 'x' })
    expect(staticValue(compileTree(node([1, '{{x}}'])))).toBeUndefined()
  })

  it('tell all mistakes of all strings, each at its place', () => {
    const found = mistakesOf(() => compileTree(node({ a: '{{x}}', c: '{{lowr x}} {{uppr x}}', e: '{% if x %}' })))
    expect(found.map(({ code }) => code)).toEqual(['unknown-helper', 'unknown-helper', 'jinja-habit'])
    expect(found.slice(0, 2).map(stretch)).toEqual(['lowr', 'uppr'])
    expect(place(found[1]!.span!)).toBe('site.yml:3:22')
  })
})
