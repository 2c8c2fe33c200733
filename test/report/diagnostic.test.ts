import { describe, expect, it } from 'vitest'
import type { Diagnostic } from '../../src/core/diagnostic.ts'
import { Secret } from '../../src/core/secret.ts'
import { renderDiagnostic, renderDiagnostics } from '../../src/report/diagnostic.ts'
import { createPalette } from '../../src/report/palette.ts'
import { spanOf } from './capture.ts'

const paint = createPalette(false)
const render = (diagnostic: Omit<Diagnostic, 'code'>) => renderDiagnostic({ code: 'usage', ...diagnostic }, { paint })
const at = (text: string, what: string) => spanOf({ file: 'f.yml', text }, what)

describe('the caret', () => {
  const cases: [string, string, string, readonly string[]][] = [
    ['one word', 'a: b\n', 'b', ['  1 | a: b', '    |    ^']],
    ['a tab before it', '\tab: c', 'c', ['  1 |   ab: c', '    |       ^']],
    ['wide characters before it', '日本: c', 'c', ['  1 | 日本: c', '    |       ^']],
    ['a combining mark before it', 'e\u0301: c', 'c', ['  1 | e\u0301: c', '    |    ^']],
    ['several lines: to the end of the first', 'ab\ncd\n', 'b\ncd', ['  1 | ab', '    |  ^']],
    ['a two-digit line', `${'\n'.repeat(11)}x: y`, 'y', ['  12 | x: y', '     |    ^']],
    ['windows line ends', 'a: b\r\nc', 'b', ['  1 | a: b', '    |    ^']],
    ['escape sequences in the file', 'a\x1b[2J: b', 'b', ['  1 | a\\x1b[2J: b', '    |           ^']],
  ]
  it.each(cases)('%s', (_, text, what, expected) => {
    expect(render({ message: 'm', span: at(text, what) }).slice(2)).toEqual(expected)
  })

  it('stays in sight on a very long line', () => {
    const text = `${'x'.repeat(5000)}HERE${'y'.repeat(5000)}`
    const [, , line = '', caret = ''] = render({ message: 'm', span: at(text, 'HERE') })
    expect(line.length).toBeLessThan(160)
    expect(line.slice(caret.indexOf('^'), caret.indexOf('^') + 4)).toBe('HERE')
  })

  it('is left out beyond the end and on empty lines', () => {
    const source = { file: 'f.yml', text: 'a\n\n' }
    expect(render({ message: 'm', span: { source, start: 99, end: 100 } })).toHaveLength(2)
    expect(render({ message: 'm', span: { source, start: 2, end: 2 } })).toHaveLength(2)
  })
})

describe('a diagnostic', () => {
  it('says host, task, cause and cure, several lines under each other', () => {
    expect(render({ message: 'one\ntwo', host: 'h', task: 't', cause: 'x\ny', hint: 'do this\nor that' })).toEqual([
      'error[usage]: one',
      '  two',
      '  host: h',
      '  task: t',
      '  cause: x',
      '         y',
      '  hint: do this',
      '        or that',
    ])
  })

  it('is bounded and shows no secrets', () => {
    const secret = new Secret('correct-horse')
    const text = render({ message: `${secret.reveal()} ${'x'.repeat(9000)}`, cause: 'y'.repeat(99_999) }).join('\n')
    expect(text.length).toBeLessThan(7000)
    expect(text).not.toContain('correct-horse')
  })

  it('is said once even if it was found twice', () => {
    const same: Diagnostic = { code: 'usage', message: 'm' }
    expect(renderDiagnostics([same, { ...same }, { code: 'usage', message: 'n' }], { paint })).toBe(
      'error[usage]: m\n\nerror[usage]: n\n',
    )
  })
})
