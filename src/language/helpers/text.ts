import { quote } from '../../core/sh.ts'
import type { Value } from '../../core/value.ts'
import { matches, RegexError, replaceMatches } from '../regex.ts'
import { toText } from '../text.ts'
import { list, text, whole } from './arguments.ts'
import { BadArgument, type Helper, type Options } from './helper.ts'

type Run = (args: readonly Value[], options: Options) => Value

function of(name: string, usage: string, summary: string, run: Run): Helper {
  const count = usage.split(' ').length - 1
  return { name, usage: `{{${usage}}}`, summary, takes: [count, count], reads: 'deep', run }
}

/** Helpers that make texts of texts. */
export const textHelpers: readonly Helper[] = [
  of('lower', 'lower x', 'In small letters.', ([x]) => text(x).toLowerCase()),
  of('upper', 'upper x', 'In capital letters.', ([x]) => text(x).toUpperCase()),
  of('trim', 'trim x', 'Without white space at both ends.', ([x]) => text(x).trim()),
  of('replace', 'replace x "from" "to"', 'Every occurrence of a text replaced.', ([x, from, to]) =>
    text(x).replaceAll(text(from), () => text(to)),
  ),
  {
    ...of('indent', 'indent x 4', 'Every line but the first (`first=true`: that too) moved right.', indent),
    options: ['first'],
  },
  {
    ...of('join', 'join list ", "', 'The items of a list as one text.', ([items, between]) =>
      list(items)
        .map(toText)
        .join(between === undefined ? '' : text(between)),
    ),
    takes: [1, 2],
  },
  of('split', 'split x ","', 'The parts of a text as a list.', ([x, between]) => text(x).split(text(between))),
  of('basename', 'basename path', 'The last part of a path.', ([path]) => basename(text(path))),
  of('dirname', 'dirname path', 'A path without its last part.', ([path]) => dirname(text(path))),
  of('quote', 'quote x', 'One word for the shell; a list becomes several.', ([x]) => shell(x)),
  of('regex_replace', 'regex_replace x "pattern" "by"', 'Every match replaced; `\\1` is a group.', ([x, pattern, by]) =>
    regex(() => replaceMatches(text(x), text(pattern), text(by))),
  ),
  of('regex_match', 'regex_match x "pattern"', 'Whether the pattern matches anywhere.', ([x, pattern]) =>
    regex(() => matches(text(x), text(pattern))),
  ),
]

function indent([x, width]: readonly Value[], { first }: Options): string {
  const columns = whole(width)
  if (columns < 0 || columns > 1000) throw new BadArgument('wrong-value', 'indents by 0 to 1000')
  const lines = text(x).split('\n')
  return lines
    .map((line, i) => (line === '' || (i === 0 && first !== true) ? line : ' '.repeat(columns) + line))
    .join('\n')
}

function shell(x: Value | undefined): string {
  const words = Array.isArray(x) ? x.map(text) : [text(x)]
  if (words.some(word => word.includes('\0')))
    throw new BadArgument('wrong-value', 'a NUL byte has no place in a shell word')
  return words.map(quote).join(' ')
}

function basename(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) || (path.startsWith('/') ? '/' : '')
}

function dirname(path: string): string {
  const parts = path.replace(/\/+$/, '').split('/').slice(0, -1)
  return parts.join('/').replace(/\/+$/, '') || (path.startsWith('/') ? '/' : '.')
}

function regex<T>(run: () => T): T {
  try {
    return run()
  } catch (error) {
    if (!(error instanceof RegexError)) throw error
    throw new BadArgument('wrong-value', error.message, error)
  }
}
