import fc from 'fast-check'

/** Lines that resemble each other, as the lines of configuration files do. */
export const line = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('a=1', '#a=1', 'a=2', 'b', 'b=1', ' c ', 'end', '') },
  {
    weight: 2,
    arbitrary: fc.constantFrom('50%s \\n \\047', 'it\'s "$HOME" `x`', '-n', 'größe=ü', '\ttab', '* ? [a]', 'a\rb'),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12, unit: 'grapheme' }).map(plain) },
)

/** Braces would be templates, and line ends of their own two lines. */
function plain(text: string): string {
  return text.replace(/[{}\n\r]|\/law/g, '.')
}

/** Whole files: empty, without a line end at the end, with one. */
export const text = fc
  .tuple(fc.array(line, { maxLength: 5 }), fc.constantFrom('\n', '\n', '\n', '', '\r\n'))
  .map(([lines, end]) => lines.join('\n') + (lines.length === 0 ? '' : end))
