import type { YAMLException } from 'js-yaml'
import type { Diagnostic } from '../../core/diagnostic.ts'
import type { Source } from '../../core/span.ts'

export const quoteBraces = 'a value that begins with {{ needs quotes: `key: "{{ name }}"`'

/** The library's error with a place in the file, and the cure where the cause is a common one. */
export function explainYaml(error: YAMLException, source: Source): Diagnostic {
  const start = Math.min(error.mark?.position ?? 0, source.text.length)
  const end = Math.min(start + 1, source.text.length)
  return {
    code: 'yaml-syntax',
    message: `not valid YAML: ${error.reason}`,
    span: { source, start, end },
    hint: cure(error.reason, source.text, start),
  }
}

function cure(reason: string, text: string, at: number): string | undefined {
  const line = lineAt(text, at)
  if (/tab/.test(reason)) return 'indent with spaces; YAML allows no tabs'
  if (/[:-] +\{\{/.test(line)) return quoteBraces
  if (/unknown escape/.test(reason)) return 'double quotes read \\ as an escape: use single quotes, or write \\\\'
  if (/unexpected end.*quoted/.test(reason)) return 'close the quotes'
  if (/unexpected end.*flow/.test(reason)) return 'close the bracket'
  if (/^\s*(- +)?[^\s:#]+: +[@`%]/.test(line)) return 'a value that begins with @, ` or % needs quotes'
  if (/: .*: /.test(line)) return 'a text that holds ": " needs quotes'
  if (/indentation|document separator/.test(reason))
    return 'keys of one map begin in the same column; lists and maps do not mix'
  return undefined
}

function lineAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1
  const end = text.indexOf('\n', at)
  return text.slice(start, end < 0 ? undefined : end)
}
