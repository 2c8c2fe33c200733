import { describe, expect, it } from 'vitest'
import { OMIT } from '../../src/core/omit.ts'
import { reveal, Secret } from '../../src/core/secret.ts'
import { Unknown } from '../../src/core/unknown.ts'
import { compileTemplate, varsScope } from '../../src/language/index.ts'
import { placed, render } from './texts.ts'

const later = new Unknown('command has not run')
const vars = {
  a: 1,
  b: 2,
  half: 0.5,
  yes: true,
  no: false,
  nothing: null,
  name: 'pi',
  lower: 'a variable',
  each: 'too',
  workers: ['pi1', 'pi2'],
  none: [],
  map: { k: 'v', 'with-dash': 5, deep: { x: [10, 20] } },
  people: [{ name: 'Ann' }, { name: 'Bob' }],
  token: new Secret('hush-hush'),
  later,
  part: { known: 'k', later },
  markup: '<&">',
  braces: '{{name}}',
}

describe('a single mustache keeps the type of its value', () => {
  it.each([
    ['{{a}}', 1],
    ['{{half}}', 0.5],
    ['{{no}}', false],
    ['{{nothing}}', null],
    ['{{workers}}', ['pi1', 'pi2']],
    ['{{map.deep}}', { x: [10, 20] }],
    ['{{ a }}', 1],
    ['{{~a~}}', 1],
    ['{{{a}}}', 1],
    ['{{&a}}', 1],
    ['{{!-- why --}}{{a}}', 1],
    ['{{true}}', true],
    ['{{7}}', 7],
    ['{{"text"}}', 'text'],
    ['{{later}}', later],
    ['{{later.stdout.x}}', later],
  ])('%s', (text, value) => {
    expect(render(text, vars)).toEqual(value)
  })

  it('a Secret stays one, and a part of a map keeps the Unknown beside it', () => {
    expect(render('{{token}}', vars)).toBe(vars.token)
    expect(render('{{part}}', vars)).toEqual({ known: 'k', later })
    expect(render('{{part.known}}', vars)).toBe('k')
  })

  it('omit stands alone and is handed on by its identity', () => {
    expect(render('{{default x omit}}', { omit: OMIT })).toBe(OMIT)
    expect(() => render('-{{omit}}', { omit: OMIT })).toThrow('omit cannot be part of a text')
  })
})

describe('text', () => {
  it.each([
    ['numbers side by side join, they are not added', '{{a}}{{b}}', '12'],
    ['booleans and nothing', '{{yes}},{{no}},{{nothing}}.', 'true,false,.'],
    ['lists and maps are JSON', 'x {{workers}} {{map.deep}}', 'x ["pi1","pi2"] {"x":[10,20]}'],
    ['nothing is escaped for HTML', '-{{markup}}{{{markup}}}', '-<&"><&">'],
    ['a bare name is a variable, never the helper of that name', '{{lower}} {{each}}', 'a variable too'],
    ['segments in brackets', '{{map.[with-dash]}}{{map.deep.x.[1]}}', '520'],
    ['dashes in names', '{{map.with-dash}}!', '5!'],
    ['the length of a list', '{{workers.length}}!', '2!'],
    ['an escaped mustache', '\\{{name}} {{name}}', '{{name}} pi'],
    ['a raw block, as for Go templates', '{{{{raw}}}}{{.Names}}{{{{/raw}}}} {{name}}', '{{.Names}} pi'],
    ['a comment', 'a{{! {{ }}b', 'ab'],
    ['white space control', 'a {{~name~}} b', 'apib'],
    ['values are never compiled again', '{{braces}} {{default braces "x"}}', '{{name}} {{name}}'],
  ])('%s', (_, text, expected) => {
    expect(render(text, vars)).toBe(expected)
  })
})

describe('blocks', () => {
  it.each([
    ['{{#if yes}}1{{else}}2{{/if}}', '1'],
    ['{{#if none}}1{{else}}2{{/if}}', '2'],
    ['{{#if nothing}}1{{else if a}}2{{else}}3{{/if}}', '2'],
    ['{{#unless yes}}1{{else}}2{{/unless}}', '2'],
    ['{{#if (has missing)}}{{missing}}{{else}}no{{/if}}', 'no'],
    ['{{#each workers}}{{@index}}{{this}}{{#unless @last}},{{/unless}}{{/each}}', '0pi1,1pi2'],
    ['{{#each workers}}{{#if @first}}>{{/if}}{{.}}{{/each}}', '>pi1pi2'],
    ['{{#each map.deep}}{{@key}}={{this.[0]}}{{/each}}', 'x=10'],
    ['{{#each none}}x{{else}}nobody{{/each}}', 'nobody'],
    ['{{#each people}}{{name}} on {{../name}} {{@root.name}};{{/each}}', 'Ann on pi pi;Bob on pi pi;'],
    ['{{#each people as |p i|}}{{i}}{{p.name}}{{/each}}', '0Ann1Bob'],
    [
      '{{#each workers}}{{#each ../people}}{{@../index}}{{@index}}{{name}} {{/each}}{{/each}}',
      '00Ann 01Bob 10Ann 11Bob ',
    ],
    ['{{#each people}}{{#if name}}{{name}}{{../a}}{{/if}}{{/each}}', 'Ann1Bob1'],
    ['{{#with map}}{{k}}{{../a}}{{/with}}', 'v1'],
    ['{{#with map as |m|}}{{m.k}}{{/with}}', 'v'],
    ['{{#with none}}x{{else}}empty{{/with}}', 'empty'],
    ['a\n{{#if yes}}\nb\n{{/if}}\nc', 'a\nb\nc'],
    ['{{#each workers}}\n- {{this}}\n{{/each}}\n', '- pi1\n- pi2\n'],
  ])('%s', (text, expected) => {
    expect(render(text, vars)).toBe(expected)
  })
})

describe('Unknown in what is read makes the whole Unknown', () => {
  it.each([
    'a {{later}}',
    'a {{later.stdout}} b',
    'json of a part: {{part}}',
    '{{#if later}}1{{/if}}',
    '{{#each later}}1{{/each}}',
    '{{#with later}}1{{/with}}',
    '{{#each workers}}{{../later}}{{/each}}',
    '{{ternary later 1 2}}',
    '{{default later 1}}',
    '{{has later.x}}',
    '{{lookup map later}}',
  ])('%s', text => {
    expect(render(text, vars)).toBe(later)
  })

  it.each([
    ['{{#if no}}{{later}}{{/if}}known', 'known'],
    ['{{part.known}}!', 'k!'],
    ['{{ternary yes a later}}', 1],
    ['{{default a later}}', 1],
    ['{{and no later}}', false],
    ['{{and later no}}', false],
    ['{{or later yes}}', true],
    ['{{has later}}', true],
    ['{{or later (eq missing 1) }}', later],
  ])('but not where it is not read: %s', (text, expected) => {
    expect(render(text, vars)).toEqual(expected)
  })
})

describe('Secret', () => {
  it.each([
    ['x={{token}}', 'x=hush-hush'],
    ['{{#each workers}}{{../token}}{{/each}}', 'hush-hushhush-hush'],
    ['{{upper token}}', 'HUSH-HUSH'],
    ['{{#if token}}{{token}}{{/if}}', 'hush-hush'],
  ])('%s', (text, expected) => {
    const result = render(text, vars)
    expect(result).toBeInstanceOf(Secret)
    expect(reveal(result as Secret)).toBe(expected)
  })

  it('a list with a secret joins to a secret, with its text in it', () => {
    const result = render('- {{list}}', { list: ['a', new Secret('hush')] })
    expect(result).toBeInstanceOf(Secret)
    expect(reveal(result as Secret)).toBe('- ["a","hush"]')
  })

  it('what is not read does not taint, and a comparison is a plain boolean', () => {
    expect(render('{{#if no}}{{token}}{{/if}}x', vars)).toBe('x')
    expect(render('{{eq token "hush-hush"}}', vars)).toBe(true)
  })
})

describe('references', () => {
  const of = (text: string) =>
    compileTemplate(text, placed(text)).references.map(
      ({ root, path, guarded }) => [root, ...path].join('.') + (guarded ? '?' : ''),
    )

  it.each([
    ['{{a}} {{b.c.[0]}}', ['a', 'b.c.0']],
    ['{{default a.b c}}', ['a.b?', 'c']],
    ['{{default a b "x"}}', ['a?', 'b?']],
    ['{{default (default a b) "x"}}', ['a?', 'b?']],
    ['{{default (lower a) "x"}}', ['a']],
    ['{{#if (has a)}}{{a.b}}{{else}}{{a}}{{/if}}', ['a?', 'a.b?', 'a']],
    ['{{#unless (has a)}}{{a}}{{else}}{{a}}{{/unless}}', ['a?', 'a', 'a?']],
    ['{{#if (and (has a) (eq a 1))}}{{a}}{{/if}}', ['a?', 'a?', 'a?']],
    ['{{#if (or (not (has a)) (eq a 1))}}{{/if}}', ['a?', 'a?']],
    ['{{ternary (has a) a b}}', ['a?', 'a?', 'b']],
    ['{{#if a}}{{/if}}', ['a']],
    ['{{#each xs}}{{name}}{{../a}}{{@root.b}}{{this}}{{/each}}', ['xs', 'a', 'b']],
    ['{{#each xs as |x|}}{{x.y}}{{/each}}', ['xs']],
    ['{{lookup hostvars item "x"}}', ['hostvars', 'item']],
    ['\\{{a}}{{{{raw}}}}{{b}}{{{{/raw}}}}', []],
  ])('%s', (text, expected) => {
    expect(of(text)).toEqual(expected)
  })
})

describe('bounds', () => {
  it('ends loops within loops', () => {
    const text = '{{#each (range 100000)}}{{#each (range 100000)}}{{/each}}{{/each}}'
    expect(() => render(text)).toThrow('the loops run more than')
  })

  it('ends a text that grows beyond 64 MiB', () => {
    const big = 'x'.repeat(1024 * 1024)
    expect(() => render('{{#each (range 100)}}{{../big}}{{/each}}', { big })).toThrow('larger than 64 MiB')
  })

  it('calls a result that no string can hold a mistake', () => {
    const big = 'x'.repeat(2 ** 20)
    expect(() => render('{{replace big "x" big}}', { big })).toThrow('the result is too large')
  })
})

it('looks at a variable only when it is read', () => {
  const seen: string[] = []
  const plain = varsScope(vars)
  const get = (name: string) => {
    seen.push(name)
    return plain.get(name)
  }
  const scope = { ...plain, get }
  compileTemplate('{{#if no}}{{a}}{{else}}{{b}}{{/if}}{{default name a}}', placed('')).render(scope)
  expect(seen).toEqual(['no', 'b', 'name'])
})
