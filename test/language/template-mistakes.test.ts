import { describe, expect, it } from 'vitest'
import { position } from '../../src/core/span.ts'
import { mistakesOf, render, stretch } from './texts.ts'

const vars = {
  name: 'pi',
  workers: ['pi1'],
  map: { key: 1, domain: 'inner' },
  number: 1,
  nothing: null,
  domain: 'lan',
  people: [{ name: 'Ann' }],
}

type Row = readonly [text: string, code: string, where: string, hint: string]

const undefinedOnes: readonly Row[] = [
  ['a {{nme}} b', 'undefined-variable', 'nme', 'did you mean "name"?'],
  ['a {{zebra.x}}', 'undefined-variable', 'zebra.x', 'define it'],
  ['{{map.kee}}', 'undefined-variable', 'map.kee', 'did you mean "key"?'],
  ['{{map.zebra}}', 'undefined-variable', 'map.zebra', 'it has: key, domain'],
  ['{{workers.[3]}}', 'undefined-variable', 'workers.[3]', 'number 0'],
  ['{{#if zebra}}{{/if}}', 'undefined-variable', 'zebra', 'define it'],
  ['{{#each zebra}}{{/each}}', 'undefined-variable', 'zebra', 'define it'],
  ['{{upper zebra}}', 'undefined-variable', 'zebra', 'define it'],
  ['{{#each people}}{{domain}}{{/each}}', 'undefined-variable', 'domain', 'write {{../domain}}'],
  [
    '{{#each people}}{{#each ../workers}}{{domain}}{{/each}}{{/each}}',
    'undefined-variable',
    'domain',
    '{{../../domain}}',
  ],
  ['{{lower}}', 'undefined-variable', 'lower', 'the helper of that name is written {{lower x}}'],
  ['{{first (range 0)}}', 'undefined-variable', '{{first (range 0)}}', 'give a default'],
  ['{{map.constructor}}', 'undefined-variable', 'map.constructor', 'it has'],
  ['{{map.__proto__}}', 'undefined-variable', 'map.__proto__', 'it has'],
  ['{{constructor}}', 'undefined-variable', 'constructor', 'define it'],
  ['{{workers.map}}', 'undefined-variable', 'workers.map', 'number 0'],
]

const shapes: readonly Row[] = [
  ['{{lowr name}}', 'unknown-helper', 'lowr', 'did you mean "lower"?'],
  ['{{zebra name}}', 'unknown-helper', 'zebra', 'a variable stands alone'],
  ['{{if name 1 2}}', 'unknown-helper', 'if', 'ternary'],
  ['{{#eech workers}}{{/eech}}', 'unknown-helper', 'eech', 'did you mean {{#each}}?'],
  ['{{#workers}}{{/workers}}', 'unknown-helper', 'workers', '{{#each x}}'],
  ['{{constructor name}}', 'unknown-helper', 'constructor', 'a variable stands alone'],
  ['{{lower name 1}}', 'template-syntax', '{{lower name 1}}', 'write {{lower x}}'],
  ['{{json map indnt=2}}', 'template-syntax', 'indnt=2', 'did you mean "indent"?'],
  ['{{#if number 1}}{{/if}}', 'template-syntax', 'if', 'in brackets'],
  ['{{#if name}}x', 'template-syntax', '{{#if name}}', 'close it with {{/if}}'],
  ['x{{/if}}', 'template-syntax', '{{/if}}', 'open it'],
  ['{{#if name}}{{/each}}', 'template-syntax', '{{/each}}', 'close {{#if}} first'],
  ['{{else}}', 'template-syntax', '{{else}}', 'open one'],
  ['x {{', 'template-syntax', '{{', 'close them'],
  ['x {{}}', 'template-syntax', '{{}}', 'write {{name}}'],
  ['{"a": {"b": {{name}}}}', 'template-syntax', '{{name}}}', '{{name~}} }'],
  ['{{> other}}', 'template-syntax', '{{> other}}', 'write it out'],
  ['{{this}}', 'template-syntax', 'this', ''],
  ['{{../name}}', 'template-syntax', '../name', ''],
  ['{{@index}}', 'template-syntax', '@index', ''],
  ['{{@zebra}}', 'template-syntax', '@zebra', 'there are @index'],
  ['{{add number "2"}}', 'wrong-type', '{{add number \\"2\\"}}', '(int x)'],
  ['{{#each nothing}}{{/each}}', 'wrong-type', 'nothing', 'write []'],
  ['{{#each name}}{{/each}}', 'wrong-type', 'name', ''],
  ['{{#if (eq number "1")}}{{/if}}', 'wrong-type', '(eq number \\"1\\")', '(int x)'],
]

const habits: readonly Row[] = [
  ["{{ zebra | default('y') }}", 'jinja-habit', "zebra | default('y')", 'write {{default zebra "y"}}'],
  ['{{ name | upper }}', 'jinja-habit', 'name | upper', 'write {{upper name}}'],
  ['{{ map | to_json }}', 'jinja-habit', 'map | to_json', 'write {{json map}}'],
  ['{% if name %}x{% endif %}', 'jinja-habit', '{% if name %}', 'write {{#if name}}'],
  ['{% for w in workers %}{{name}}{% endfor %}', 'jinja-habit', '{% for w in workers %}', '{{#each workers}}'],
  ['{{ workers[0] }}', 'jinja-habit', 'workers[0]', 'write {{workers.[0]}}'],
  ["{{ map['key'] }}", 'jinja-habit', "map['key']", 'write {{map.[key]}}'],
  ['{{ map[name] }}', 'jinja-habit', 'map[name]', 'write {{lookup map name}}'],
  ['{{ workers.0 }}', 'jinja-habit', 'workers.0', 'write {{workers.[0]}}'],
  ['{{ map.items() }}', 'jinja-habit', 'map.items()', '{{#each map}}'],
  ['{{ name.upper() }}', 'jinja-habit', 'name.upper()', 'write {{upper name}}'],
  ['{{ number + 1 }}', 'jinja-habit', 'number + 1', 'write {{add number 1}}'],
  ['{{ number - 1 }}', 'jinja-habit', 'number - 1', 'write {{sub number 1}}'],
  ["{{ name == 'x' }}", 'jinja-habit', "name == 'x'", "write {{eq name 'x'}}"],
  ['{{ name ~ name }}', 'jinja-habit', 'name ~ name', '{{name}}{{name}}'],
  ['{{ name and number }}', 'jinja-habit', 'name and number', 'write {{and name number}}'],
  ['{{ name if number else map }}', 'jinja-habit', 'name if number else map', 'write {{ternary number name map}}'],
  ['{{.Names}}', 'jinja-habit', '.Names', 'write {{{{raw}}}}{{.Names}}{{{{/raw}}}}'],
  ['{{range .Items}}', 'template-syntax', 'range .Items', '{{{{raw}}}}'],
  ['{{json .State}}', 'template-syntax', 'json .State', '{{{{raw}}}}'],
  ['{{ name is defined }}', 'jinja-habit', 'name is defined', 'write {{has name}}'],
  ['{{ name in workers }}', 'jinja-habit', 'name in workers', 'write {{contains workers name}}'],
]

describe.each([
  ['undefined', undefinedOnes],
  ['shape', shapes],
  ['Jinja', habits],
] as const)('%s', (_, rows) => {
  it.each(rows)('%s', (text, code, where, hint) => {
    const [first] = mistakesOf(() => render(text, vars))
    expect(first?.code).toBe(code)
    expect(first?.hint ?? '').toContain(hint)
    expect(stretch(first!)).toBe(where.replaceAll('\\"', '"'))
  })
})

it('is not mistaken for Jinja what is not', () => {
  for (const text of [
    'printf "{%s}"',
    '${#list[@]} {{name}}',
    '%{http_code}',
    "it's {{name}}'s",
    '{{#each workers as |w|}}{{w}}{{/each}}',
  ]) {
    expect(mistakesOf(() => render(text, vars))).toEqual([])
  }
})

it('tells every mistake of a text, with line and column', () => {
  const text = 'a {{lowr name}}\n  {{#each workers}}\n  {{uppr this}}{{/each}}\n{{json map x=1}}'
  const found = mistakesOf(() => render(text, vars))
  expect(found.map(({ span }) => position(span!))).toEqual([
    { line: 2, column: 11 },
    { line: 4, column: 5 },
    { line: 5, column: 12 },
  ])
})

it('counts lines that end in CR LF, too', () => {
  const [first] = mistakesOf(() => render('a\r\nb\r\n{{zebra}}', vars))
  expect(stretch(first!)).toBe('zebra')
})
