import { row } from '../member.ts'

/** One Jinja spelling, and ours. */
export interface Rule {
  readonly pattern: RegExp
  readonly message: string
  /** Ours, as the replacement of what the pattern matches. */
  readonly ours: string | ((...groups: string[]) => string)
}

// What a test or a filter stands after: a name with its parts, a call, brackets, or a masked string.
const value = String.raw`([\w.]+(?:\[[^\]]*\])*(?:\.[\w.]+)*(?:\([^()]*\))?|\([^()]*\)|[\uE000-\uF8FF]+)`

const tests: { readonly [test: string]: (value: string, args: string) => string } = {
  defined: x => `has(${x})`,
  undefined: x => `!has(${x})`,
  none: x => `${x} == null`,
  succeeded: x => `!${x}.failed`,
  success: x => `!${x}.failed`,
  failed: x => `${x}.failed`,
  changed: x => `${x}.changed`,
  skipped: x => `${x}.skipped`,
  string: x => `type(${x}) == string`,
  number: x => `type(${x}) == int`,
  mapping: x => `type(${x}) == map`,
  sequence: x => `type(${x}) == list`,
  match: (x, args) => `${x}.matches(${args})`,
  search: (x, args) => `${x}.matches(${args})`,
  regex: (x, args) => `${x}.matches(${args})`,
  contains: (x, args) => `${args} in ${x}`,
  in: (x, args) => `${x} in ${args}`,
}

const filters: { readonly [filter: string]: (value: string, args: string) => string } = {
  default: (x, args) => `default(${x}, ${args || '""'})`,
  d: (x, args) => `default(${x}, ${args || '""'})`,
  length: x => `size(${x})`,
  count: x => `size(${x})`,
  int: x => `int(${x})`,
  float: x => `double(${x})`,
  string: x => `string(${x})`,
  bool: x => `bool(${x})`,
  lower: x => `${x}.lower()`,
  upper: x => `${x}.upper()`,
  trim: x => `${x}.trim()`,
}

/** In the order in which they are applied: each sees what the ones before it wrote. */
export const rules: readonly Rule[] = [
  { pattern: /\{\{\s*([\s\S]*?)\s*\}\}/g, message: 'expressions have no braces', ours: inner => inner },
  { pattern: /\{%[\s\S]*?%\}/g, message: '{% … %} is Jinja', ours: '' },
  {
    pattern: new RegExp(String.raw`${value}\s*\|\s*(\w+)(?:\(([^()]*)\))?`, 'g'),
    message: 'filters after | are Jinja',
    ours: (x, filter, args) =>
      row(filters, filter)?.(x, args ?? '') ?? `${filter}(${[x, args].filter(Boolean).join(', ')})`,
  },
  {
    pattern: new RegExp(
      String.raw`(?<!\w)(?:not\s+)?${value}\s+is\s+(not\s+)?(\w+)(?:\s*\(([^()]*)\)|\s+([\uE000-\uF8FF]+))?`,
      'g',
    ),
    message: '"is" is Jinja',
    ours: (x, not, test, args, word) => turned(row(tests, test)?.(x, args ?? word ?? '') ?? `${x} is ${test}`, not),
  },
  {
    pattern: new RegExp(String.raw`${value}\s+not\s+in\s+${value}`, 'g'),
    message: '"not in" is Jinja',
    ours: (item, list) => `!(${item} in ${list})`,
  },
  { pattern: /\band\b/g, message: '"and" is Jinja', ours: '&&' },
  { pattern: /\bor\b/g, message: '"or" is Jinja', ours: '||' },
  {
    pattern: new RegExp(String.raw`\bnot\s+(${value}\s*(?:[=!<>]=|[<>]|\bin\b)\s*${value})`, 'g'),
    message: '"not" is Jinja',
    ours: comparison => `!(${comparison})`,
  },
  { pattern: /\bnot\b\s*/g, message: '"not" is Jinja', ours: '!' },
  { pattern: /(?<![=!<>])=(?!=)/g, message: 'one "=" compares nothing', ours: '==' },
  { pattern: /\s*~\s*/g, message: '"~" is Jinja', ours: ' + ' },
  { pattern: /\/\//g, message: '"//" is Jinja', ours: '/' },
  {
    pattern: /^(.+?)\s+if\s+(.+?)\s+else\s+(.+)$/g,
    message: '"… if … else …" is Jinja',
    ours: (yes, condition, no) => `${condition} ? ${yes} : ${no}`,
  },
  { pattern: /\bTrue\b/g, message: 'it is written small', ours: 'true' },
  { pattern: /\bFalse\b/g, message: 'it is written small', ours: 'false' },
  { pattern: /\bNone\b/g, message: 'it is written null', ours: 'null' },
]

function turned(ours: string, not: string | undefined): string {
  if (not === undefined) return ours
  if (ours.startsWith('!')) return ours.slice(1)
  if (ours.includes(' == ')) return ours.replace(' == ', ' != ')
  return ours.includes(' ') ? `!(${ours})` : `!${ours}`
}
