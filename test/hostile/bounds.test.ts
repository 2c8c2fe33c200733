import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Mistake } from '../../src/core/diagnostic.ts'
import type { Span } from '../../src/core/span.ts'
import { compileExpression, compileTemplate, varsScope } from '../../src/language/index.ts'
import { disk } from '../../src/playbook/disk.ts'
import { Problems } from '../../src/playbook/problems.ts'
import { parseYaml } from '../../src/playbook/yaml/parse-yaml.ts'

/** Generous for a slow machine; what these guard against takes minutes, or all memory. */
const patience = 15_000
const megabytes = (bytes: number) => bytes / 1024 / 1024

const times = (n: number, text: (i: number) => string, between = '\n') =>
  Array.from({ length: n }, (_, i) => text(i)).join(between)
const yamls: Readonly<Record<string, string>> = {
  'aliases that multiply': `a0: &a0 [x, x]\n${times(60, i => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`)}`,
  'merges that multiply': `a0: &a0 {k: x}\n${times(60, i => `a${i + 1}: &a${i + 1} {<<: [*a${i}, *a${i}], k${i}: y}`)}`,
  'one map merged again and again': `a: &a {${times(2000, i => `k${i}: 1`, ',')}}\nb: {<<: [${times(500, () => '*a', ',')}]}`,
  'lists in lists': '['.repeat(100_000) + ']'.repeat(100_000),
  'maps in maps': '{a: '.repeat(100_000) + '}'.repeat(100_000),
  'blocks in blocks': times(2000, i => `${' '.repeat(i)}a:`),
  'brackets that never close': '['.repeat(1_000_000),
  'more values than a playbook has': times(300_000, i => `k${i}: v`),
  'a key given ever again': times(60_000, () => 'k: v'),
  'unknown tags': times(60_000, () => '- !foo x'),
  'an alias to what is around it': 'a: &a [*a]',
  'an alias to nothing': 'a: *nothing',
  'damaged vaults': times(20_000, () => '- !vault $ANSIBLE_VAULT;1.1;AES256'),
}

describe('a YAML file that is none is refused soon, with its place', () => {
  test.each(Object.entries(yamls))('%s', (_, text) => {
    const problems = new Problems()
    const began = performance.now()
    const memory = process.memoryUsage().heapUsed
    expect(parseYaml({ file: 'f', text }, problems)).toBeUndefined()
    expect(performance.now() - began).toBeLessThan(patience)
    expect(megabytes(process.memoryUsage().heapUsed - memory)).toBeLessThan(500)
    expect(problems.list[0]?.span?.source.file).toBe('f')
    expect(problems.size).toBeLessThanOrEqual(200)
  })

  test.each([
    ['a text', `a: "${'x'.repeat(10_000_000)}"`],
    ['a block of text', `a: |\n${times(100_000, () => `  ${'x'.repeat(80)}`)}`],
    ['anchors', times(50_000, i => `- &a${i} x`)],
    ['names of prototypes', '__proto__: { polluted: 1 }\nconstructor: { prototype: { polluted: 1 } }'],
  ])('%s, however large, is read', (_, text) => {
    const problems = new Problems()
    const began = performance.now()
    expect(parseYaml({ file: 'f', text }, problems)).toBeDefined()
    expect(performance.now() - began).toBeLessThan(patience)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  test('a file of 100 MB, or without an end, is not even read', () => {
    const folder = mkdtempSync(join(tmpdir(), 'pitool-bounds-'))
    try {
      const file = join(folder, 'huge.yml')
      writeFileSync(file, '')
      truncateSync(file, 100 * 1024 * 1024)
      expect(() => disk.read(file)).toThrow(/more than 16 MiB/)
      expect(() => disk.read('/dev/zero')).toThrow(Mistake)
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  })
})

const spanOf = (text: string): Span => ({ source: { file: 'f', text }, start: 0, end: text.length })
const numbers = Array.from({ length: 1000 }, (_, i) => i)
const scope = varsScope({ list: numbers, a: 1, word: 'a'.repeat(100_000), long: 'x'.repeat(1024 * 1024 + 1) })
const render = (text: string) => compileTemplate(text, spanOf(text)).render(scope)
const evaluate = (text: string) => compileExpression(text, spanOf(text)).evaluate(scope)

/** Its value, or the Mistake's words; anything else thrown is a bug. */
function outcome(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    if (error instanceof Mistake) return error.diagnostics.map(({ message }) => message).join('; ')
    throw error
  }
}

describe('templates and expressions end soon, in a value or a mistake', () => {
  const each = (depth: number) => `${'{{#each list}}'.repeat(depth)}x${'{{/each}}'.repeat(depth)}`
  test.each<[string, () => unknown, RegExp]>([
    [
      'loops in loops',
      () => render('{{#each list}}{{#each @root.list}}{{#each @root.list}}x{{/each}}{{/each}}{{/each}}'),
      /./,
    ],
    ['blocks in blocks', () => render(each(20_000)), /nested more than 100 deep/],
    [
      'parentheses in parentheses',
      () => render(`{{default ${'(default '.repeat(20_000)}a${' 1)'.repeat(20_000)} 1}}`),
      /nested more/,
    ],
    ['a huge range', () => render('{{#each (range 0 1000000000)}}x{{/each}}'), /a range may have/],
    ['braces that never end', () => render('{{'.repeat(2_000)), /./],
    ['macros in macros', () => evaluate('list.exists(x, list.exists(y, list.exists(z, z < 0)))'), /more than 1000000/],
    ['a chain of operators', () => evaluate(Array(20_000).fill('true').join(' && ')), /may have 5000 characters/],
    ['a chain within the bound', () => evaluate(Array(600).fill('true').join(' && ')), /true/],
    ['nots', () => evaluate(`${'!'.repeat(4_990)}true`), /in a row/],
    ['parentheses', () => evaluate(`${'('.repeat(2_000)}1${')'.repeat(2_000)}`), /maxDepth/],
    ['members', () => evaluate(`a${'.a'.repeat(2_400)}`), /in a row/],
    ['lists', () => evaluate(`${'['.repeat(2_000)}${']'.repeat(2_000)}`), /maxDepth/],
    ['a pattern that backtracks elsewhere', () => evaluate('word.matches("(a+)+$x")'), /false/],
    ['another one', () => evaluate('word.matches("(a|aa)+b")'), /false/],
    ['counted repeats in repeats', () => evaluate('word.matches("((a{0,100}){0,100}){0,100}$")'), /bad pattern/],
    ['a pattern without an end', () => evaluate(`word.matches("${'(a|b)*'.repeat(300)}")`), /a pattern may have/],
    ['a text too long for patterns', () => evaluate('long.matches("x")'), /./],
  ])('%s', (_, work, said) => {
    const began = performance.now()
    expect(String(outcome(work))).toMatch(said)
    expect(performance.now() - began).toBeLessThan(patience)
  })
})
