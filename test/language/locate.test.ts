import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Span } from '../../src/core/span.ts'
import { compileExpression, compileTemplate } from '../../src/language/index.ts'

const spanIn = (text: string, written: string): Span => {
  const source = { file: 'x.yml', text }
  const start = text.indexOf(written)
  return { source, start, end: start + written.length }
}

const stretchOf = ({ source, start, end }: Span) => source.text.slice(start, end)

describe('places in the file', () => {
  it.each([
    ['plain', 'k: on {{name}} x', 'on {{name}} x', 'on {{name}} x', 'name'],
    ['in quotes', 'k: "on {{name}}"', '"on {{name}}"', 'on {{name}}', 'name'],
    ['quoted with escapes: the whole scalar', 'k: "\\t{{name}}"', '"\\t{{name}}"', '\t{{name}}', '"\\t{{name}}"'],
    ['folded: the whole scalar', 'k: >-\n  a\n  {{name}}\n', 'a\n  {{name}}', 'a {{name}}', 'a\n  {{name}}'],
  ])('%s', (_, file, written, text, expected) => {
    const [reference] = compileTemplate(text, spanIn(file, written)).references
    expect(stretchOf(reference!.span)).toBe(expected)
  })

  it('are exact with a map of offsets, across a fold', () => {
    const file = 'k: >-\n  1 == a\n  && zebra.x\n'
    const text = '1 == a && zebra.x'
    const offsets = (offset: number) => file.indexOf('1 ==') + offset + (offset >= 6 ? 2 : 0)
    const references = compileExpression(text, spanIn(file, '1 == a\n  && zebra.x'), offsets).references
    expect(references.map(({ span }) => stretchOf(span))).toEqual(['a', 'zebra.x'])
  })

  const word = fc.stringMatching(/^[a-z][a-z0-9_]{0,6}$/)
  const path = fc.array(word, { minLength: 1, maxLength: 3 }).map(parts => parts.join('.'))
  const filler = fc.constantFrom(
    '',
    ' ',
    '\n',
    '\r\n',
    'é',
    '😀',
    'text\n  ',
    '\t',
    '"',
    "'",
    ' }} ',
    '{ ',
    '\\\\',
    '\n\n',
  )
  const words = ['true', 'false', 'null', 'undefined', 'this', 'as', 'else']
  const plain = path.filter(text => !text.split('.').some(part => words.includes(part)))

  it('each reference of any text names just its own letters', () => {
    const piece = fc.tuple(filler, plain, fc.constantFrom('{{', '{{~', '{{{', '{{#if ', '{{json '))
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), pieces => {
        const ends: { readonly [open: string]: string } = { '{{~': '~}}', '{{{': '}}}', '{{#if ': '}}{{/if}}' }
        const text = pieces.map(([before, name, open]) => `${before}${open}${name}${ends[open] ?? '}}'}`).join('')
        const span = { source: { file: 'x', text: `# ü\n${text}` }, start: 4, end: 4 + text.length }
        const found = compileTemplate(text, span).references.map(({ span }) => stretchOf(span))
        expect(found).toEqual(pieces.map(([, name]) => name))
      }),
      { numRuns: 500 },
    )
  })
})
