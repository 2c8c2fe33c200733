import { describe, expect, it } from 'vitest'
import type { Diff } from '../../src/core/change.ts'
import { Secret } from '../../src/core/secret.ts'
import { renderDiff } from '../../src/report/diff.ts'
import { createPalette } from '../../src/report/palette.ts'

const render = (diff: Partial<Diff>) => renderDiff({ subject: 's', summary: 's', ...diff }, createPalette(false))
const lines = (count: number, word: string) => Array.from({ length: count }, (_, i) => `${word} ${i}\n`).join('')

describe('a diff', () => {
  const cases: [string, Partial<Diff>, readonly string[]][] = [
    ['of nothing', {}, []],
    ['of equal texts', { before: 'a', after: 'a' }, []],
    ['of a new empty file', { before: null, after: '' }, ['(empty)']],
    ['of a new file', { before: null, after: 'a\n' }, ['@@ -0,0 +1 @@', '+a']],
    ['of a removed file', { before: 'a\n', after: null }, ['@@ -1 +0,0 @@', '-a']],
    [
      'of a missing newline at the end',
      { before: 'a', after: 'a\n' },
      ['@@ -1 +1 @@', '-a', '\\ No newline at end of file', '+a'],
    ],
    ['of line ends', { before: 'a\r\n', after: 'a\n' }, ['@@ -1 +1 @@', '-a\\r', '+a']],
    ['of a secret', { before: 'a', after: new Secret('geheim') }, ['(content is secret)']],
    ['of bytes', { before: 'a\0', after: 'b' }, ['(binary: 1 lines, 2 bytes → 1 lines, 1 bytes)']],
    [
      'with facets',
      {
        facets: [
          { name: 'mode', before: '0644', after: '0600' },
          { name: 'owner', before: '', after: 'pi' },
        ],
      },
      ['mode: 0644 → 0600', 'owner: (none) → pi'],
    ],
  ]
  it.each(cases)('%s', (_, diff, expected) => {
    expect(render(diff)).toEqual(expected)
  })

  it('shows three lines around', () => {
    const before = lines(20, 'x')
    expect(render({ before, after: before.replace('x 10\n', 'y\n') })).toEqual([
      '@@ -8,7 +8,7 @@',
      ...[7, 8, 9].map(i => ` x ${i}`),
      '-x 10',
      '+y',
      ...[11, 12, 13].map(i => ` x ${i}`),
    ])
  })

  it('has an end, in lines and in time', () => {
    const long = render({ before: null, after: lines(3000, 'x') })
    expect(long).toHaveLength(401)
    expect(long.at(-1)).toBe('… 2601 more lines')
    const began = Date.now()
    const [only, ...none] = render({ before: lines(30_000, 'x'), after: lines(30_000, 'y') })
    expect(Date.now() - began).toBeLessThan(3000)
    expect(only).toMatch(/^\(nearly all of it differs: 30000 lines/)
    expect(none).toEqual([])
    expect(render({ before: '', after: lines(100_000, 'too long') })).toHaveLength(1)
    expect(render({ before: '', after: `${'x'.repeat(5000)}\n` })[1]?.length).toBeLessThan(600)
  })
})
