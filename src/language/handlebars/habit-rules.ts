import { row } from '../member.ts'

const path = String.raw`[A-Za-z_][\w.-]*`

/** How one Jinja spelling is known, and how ours is made of its parts. */
export interface Rule {
  readonly pattern: RegExp
  readonly message: string
  hint(match: RegExpExecArray): string
}

/** In the order in which they are tried: the first that matches a mustache names its habit. */
export const rules: readonly Rule[] = [
  {
    pattern: /^\s*-?\s*(?:\.[A-Za-z]|\$\w*|range\s+\$|end\b).*/,
    message: 'this reads like a Go template, not Handlebars',
    hint: ([inner]) => `write {{{{raw}}}}{{${inner}}}{{{{/raw}}}}`,
  },
  {
    pattern: new RegExp(String.raw`(${path})?\s*\|\s*(\w+)(?:\(([^()]*)\))?`),
    message: 'filters after | are Jinja',
    hint: ([, value = 'x', filter = '', args = '']) => `write {{${filterName(filter, value, args)}}}`,
  },
  {
    pattern: new RegExp(String.raw`(${path})\[\s*([^\]\s]+)\s*\]`),
    message: 'a[…] is Jinja',
    hint: ([, value = 'x', key = '0']) => indexed(value, key),
  },
  {
    pattern: new RegExp(String.raw`(${path})\.(\d+)`),
    message: 'an item of a list is written with brackets',
    hint: ([, value = 'x', key = '0']) => `write {{${value}.[${key}]}}`,
  },
  {
    pattern: new RegExp(String.raw`(${path})\(([^()]*)\)`),
    message: 'calls with (…) after the name are Jinja',
    hint: ([, name = 'f', args = '']) => called(name, args),
  },
  {
    pattern: /(\S+)\s+is\s+(not\s+)?(\w+)/,
    message: '"is" is Jinja',
    hint: ([, value = 'x', not = '', test = '']) => tested(value, not !== '', test),
  },
  {
    pattern: /(\S.*?)\s+if\s+(\S.*?)\s+else\s+(\S.*)/,
    message: '"… if … else …" is Jinja',
    hint: ([, yes = 'a', condition = 'x', no = 'b']) => `write {{ternary ${condition} ${yes} ${no.trim()}}}`,
  },
  {
    pattern: /(\S+)\s+(not\s+in|in)\s+(\S+)/,
    message: '"in" is Jinja',
    hint: ([, item = 'x', how = 'in', list = 'xs']) =>
      how === 'in' ? `write {{contains ${list} ${item}}}` : `write {{not (contains ${list} ${item})}}`,
  },
  {
    pattern: /(\S+?)\s*(==|!=|<=|>=|<|>|\+|\*|\/\/|%|~|(?<=\s)-(?=\s)|(?<=\s)\/(?=\s))\s*(\S+)/,
    message: 'operators between values are Jinja',
    hint: ([, left = 'a', operator = '', right = 'b']) => `write ${operators[operator]?.(left, right) ?? ''}`,
  },
  {
    pattern: /(\S+)\s+(and|or)\s+(\S+)/,
    message: 'operators between values are Jinja',
    hint: ([, left = 'a', operator = '', right = 'b']) => `write {{${operator} ${left} ${right}}}`,
  },
]

const names: { readonly [operator: string]: string } = {
  '==': 'eq',
  '!=': 'ne',
  '<=': 'le',
  '>=': 'ge',
  '<': 'lt',
  '>': 'gt',
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
}
const operators: { readonly [operator: string]: (left: string, right: string) => string } = {
  ...Object.fromEntries(
    Object.entries(names).map(([sign, name]) => [sign, (a: string, b: string) => `{{${name} ${a} ${b}}}`]),
  ),
  '~': (a, b) => `{{${a}}}{{${b}}}, side by side`,
  '//': (a, b) => `{{int (div ${a} ${b})}}`,
}

const filters: { readonly [jinja: string]: string } = {
  d: 'default',
  count: 'length',
  to_json: 'json',
  tojson: 'json',
  to_nice_json: 'json',
  to_yaml: 'yaml',
  to_nice_yaml: 'yaml',
  hash: 'sha256',
  combine: 'merge',
  bool: 'bool',
  ipaddr: 'ip_address',
  list: 'values',
  regex_search: 'regex_match',
}

function filterName(filter: string, value: string, args: string): string {
  return [row(filters, filter) ?? filter, value, ...words(args)].join(' ')
}

function called(name: string, args: string): string {
  const [, value, method] = /^(.*)\.(\w+)$/.exec(name) ?? []
  if (value === undefined || method === undefined) return `write {{${[name, ...words(args)].join(' ')}}}`
  if (method === 'items') return `write {{#each ${value}}} {{@key}} {{this}} {{/each}}`
  if (method === 'get') return `write {{default (lookup ${[value, ...words(args).slice(0, 1)].join(' ')}) "…"}}`
  return `write {{${[method, value, ...words(args)].join(' ')}}}`
}

function words(args: string): readonly string[] {
  return args
    .split(',')
    .map(arg => arg.trim().replace(/^'(.*)'$/, '"$1"'))
    .filter(arg => arg !== '')
}

function indexed(value: string, key: string): string {
  const literal = /^(?:"(.*)"|'(.*)'|(\d+))$/.exec(key)
  if (literal === null) return `write {{lookup ${value} ${key}}}`
  return `write {{${value}.[${literal[1] ?? literal[2] ?? literal[3]}]}}`
}

function tested(value: string, not: boolean, test: string): string {
  const call = test === 'defined' ? `has ${value}` : test === 'undefined' ? `not (has ${value})` : `… ${value}`
  if (test !== 'defined' && test !== 'undefined')
    return 'compare with a helper such as {{eq a b}} or {{regex_match x "…"}}'
  return not ? `write {{not (${call})}}` : `write {{${call}}}`
}
