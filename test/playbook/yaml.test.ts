import { describe, expect, test } from 'vitest'
import { position, type Source } from '../../src/core/span.ts'
import type { Node } from '../../src/language/node.ts'
import { plainValue } from '../../src/playbook/args/place.ts'
import { Problems } from '../../src/playbook/problems.ts'
import { parseYaml } from '../../src/playbook/yaml/parse-yaml.ts'
import { said } from './project-of.ts'

function parse(text: string): { node: Node | null | undefined; said: readonly string[] } {
  const problems = new Problems()
  const source: Source = { file: 'f', text }
  return { node: parseYaml(source, problems), said: said(problems.list) }
}

describe('values', () => {
  test.each<[string, unknown]>([
    ['a: 1', { a: 1 }],
    ['a: 0644', { a: 644 }],
    ['a: 0o644', { a: 420 }],
    ['a: "0644"', { a: '0644' }],
    ['a: yes\nb: no\nc: on', { a: 'yes', b: 'no', c: 'on' }],
    ['a: true\nb: False', { a: true, b: false }],
    ['a:\nb: ~\nc: null', { a: null, b: null, c: null }],
    ['a: 1.5\nb: .5\nc: 1e3', { a: 1.5, b: 0.5, c: 1000 }],
    ['a: 2024-01-02', { a: '2024-01-02' }],
    ['a: 12345678901234567890', { a: '12345678901234567890' }],
    ['1: a\ntrue: b', { 1: 'a', true: 'b' }],
    ['a: !!str 1\nb: !!int "2"', { a: '1', b: 2 }],
    ['a: |\n  x\n  y\n', { a: 'x\ny\n' }],
    ['a: >-\n  x\n  y\n', { a: 'x y' }],
    ['x: &d {p: 1, q: 2}\ny: {<<: *d, q: 3}', { x: { p: 1, q: 2 }, y: { q: 3, p: 1 } }],
    ['y: {q: 3, <<: [{p: 1}, {p: 2, r: 4}]}', { y: { q: 3, p: 1, r: 4 } }],
    ['a: &x [1]\nb: *x', { a: [1], b: [1] }],
    ['- 1\n-\n- - 2', [1, null, [2]]],
    ['--- \na: 1\n...\n', { a: 1 }],
    ['\u{1F600}: "\\u00e9"', { '\u{1F600}': 'é' }],
  ])('%j', (text, value) => {
    const { node, said } = parse(text)
    expect(said).toEqual([])
    expect(plainValue(node!)).toEqual(value)
  })

  test.each(['', '# only a comment\n', '---\n'])('%j holds nothing', text => {
    expect(parse(text)).toEqual({ node: null, said: [] })
  })

  test('a value under !unsafe is literal', () => {
    const { node } = parse('a: !unsafe "{{ x }}"')
    expect(node?.kind === 'map' && node.entries[0]?.value).toMatchObject({ value: '{{ x }}', literal: true })
  })
})

describe('mistakes', () => {
  test.each<[string, string]>([
    [
      'a: 1\n\tb: 2',
      'yaml-syntax f:2:1 not valid YAML: tab characters must not be used in indentation [indent with spaces; YAML allows no tabs]',
    ],
    [
      'a: 1\n b: 2',
      'yaml-syntax f:2:3 not valid YAML: bad indentation of a mapping entry [keys of one map begin in the same column; lists and maps do not mix]',
    ],
    [
      'x: {{ y }}',
      'yaml-syntax f:1:5 a template without quotes is read as a map [a value that begins with {{ needs quotes: `key: "{{ name }}"`]',
    ],
    [
      'x: {{ y }}/z',
      'yaml-syntax f:1:11 not valid YAML: bad indentation of a mapping entry [a value that begins with {{ needs quotes: `key: "{{ name }}"`]',
    ],
    [
      '- {{ y }}',
      'yaml-syntax f:1:4 a template without quotes is read as a map [a value that begins with {{ needs quotes: `key: "{{ name }}"`]',
    ],
    ['a: 1\nb: 2\na: 3', "duplicate-key f:3:1 the key 'a' is given twice [it stands already at f:1:1: keep one]"],
    [
      'a: "\\q"',
      'yaml-syntax f:1:6 not valid YAML: unknown escape sequence [double quotes read \\ as an escape: use single quotes, or write \\\\]',
    ],
    [
      'a: "x',
      'yaml-syntax f:1:6 not valid YAML: unexpected end of the stream within a double quoted scalar [close the quotes]',
    ],
    [
      'a: [1',
      'yaml-syntax f:1:6 not valid YAML: unexpected end of the stream within a flow collection [close the bracket]',
    ],
    [
      'a: @x',
      'yaml-syntax f:1:4 not valid YAML: bad indentation of a mapping entry [a value that begins with @, ` or % needs quotes]',
    ],
    [
      'a: b: c',
      'yaml-syntax f:1:5 not valid YAML: bad indentation of a mapping entry [a text that holds ": " needs quotes]',
    ],
    [
      'a: *b',
      "yaml-syntax f:1:4 there is no anchor 'b' yet [an anchor `&name` must come before it, and not around it]",
    ],
    [
      '&a [*a]',
      "yaml-syntax f:1:5 there is no anchor 'a' yet [an anchor `&name` must come before it, and not around it]",
    ],
    [
      'a: 1\n---\nb: 2',
      'yaml-syntax f:1:5 a second document begins here [one document a file: take out the second `---`]',
    ],
    [
      'a: !vault x',
      'yaml-syntax f:1:11 a !vault value begins with $ANSIBLE_VAULT [write what `ansible-vault encrypt_string` prints below `!vault |`]',
    ],
    [
      'a: !foo x',
      'yaml-syntax f:1:9 the tag !foo does not fit here [known are !!str, !!int, !!float, !!bool, !!null, !unsafe and !vault]',
    ],
    [
      'a: !!int x',
      'yaml-syntax f:1:10 the tag !!int does not fit here [known are !!str, !!int, !!float, !!bool, !!null, !unsafe and !vault]',
    ],
    [
      'a: ENC[x]\nsops:\n  mac: ENC[y]',
      'cannot-decrypt f:3:3 this SOPS file is not encrypted for any age recipient [add an age recipient (`sops updatekeys`): pitool opens SOPS files with age only]',
    ],
    ['<<: 1', '`<<` takes a map'],
    [
      '$ANSIBLE_VAULT;1.1;AES256\n6162',
      'cannot-decrypt f:1:1 this vault is damaged: its text is not what ansible-vault writes [restore it from your backup or version control]',
    ],
  ])('%j', (text, expected) => {
    const { node, said } = parse(text)
    expect(said).toHaveLength(1)
    expect(said[0]).toContain(expected)
    expect(node).toBeUndefined()
  })

  test('all duplicates of a file are told', () => {
    expect(parse('a: 1\na: 2\nb: {c: 1, c: 2}').said).toHaveLength(2)
  })

  test('aliases that multiply are stopped early', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]']
    for (let i = 1; i < 9; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      )
    const { said } = parse(lines.join('\n'))
    expect(said[0]).toContain('this file means more')
  })

  test('deep nesting is refused', () => {
    expect(parse('['.repeat(5000)).said[0]).toContain('yaml-syntax')
  })
})

describe('places', () => {
  /** Where each character of the first value stands, as line:column of a mark in the text. */
  test.each<[string, string, string]>([
    ['plain', 'a: one {{x}}', 'x'],
    ['double quotes', 'a: "é\\n\\u0041 \\"q\\" {{x}}"', 'x'],
    ['a long escape', 'a: "\\U0001F600 \\x41 {{x}}"', 'x'],
    ['single quotes', "a: 'it''s {{x}}'", 'x'],
    ['literal block', 'a: |\n    one\n      two\n    {{x}} three\n', 'x'],
    ['folded block', 'a: >\n  one\n  two\n\n  {{x}}\n', 'x'],
    ['plain on two lines', 'a: one\n  two {{x}}', 'x'],
    ['double quotes on two lines', 'a: "one \\\n   two\n   {{x}}"', 'x'],
    ['windows line ends', 'a: |\r\n  one\r\n  {{x}}\r\n', 'x'],
  ])('%s', (_, text, mark) => {
    const { node } = parse(text)
    const scalar = node?.kind === 'map' ? node.entries[0]!.value : undefined
    if (scalar?.kind !== 'scalar' || typeof scalar.value !== 'string') throw new Error('no text')
    const offset = scalar.value.indexOf(mark)
    expect(scalar.offsets!(offset)).toBe(text.indexOf(`{{${mark}}}`) + 2)
  })

  test('keys, values and what is not written', () => {
    const { node } = parse('a: 1\nlonger:\nb:\n  - x\n')
    if (node?.kind !== 'map') throw new Error('no map')
    const at = node.entries.map(({ keySpan, value }) => [position(keySpan), position(value.span)])
    expect(at).toEqual([
      [
        { line: 1, column: 1 },
        { line: 1, column: 4 },
      ],
      [
        { line: 2, column: 1 },
        { line: 2, column: 7 },
      ],
      [
        { line: 3, column: 1 },
        { line: 4, column: 3 },
      ],
    ])
  })
})
