import { expect, test } from 'vitest'
import { Mistake } from '../../src/core/diagnostic.ts'
import { staticValue } from '../../src/language/index.ts'
import { readExtraVars } from '../../src/playbook/index.ts'
import { diskOf, said } from './project-of.ts'

const disk = diskOf({ 'vars.yml': 'a: 1\nb: "{{ c }}"\n', 'list.yml': '- a' })

function vars(...texts: readonly string[]): unknown {
  const { vars } = readExtraVars(texts, '/p', disk)
  return Object.fromEntries([...vars].map(([name, tree]) => [name, staticValue(tree)]))
}

test.each<[readonly string[], unknown]>([
  [['a=1'], { a: '1' }],
  [['a=1 b=two'], { a: '1', b: 'two' }],
  [['a="x y" b=\'p q\''], { a: 'x y', b: 'p q' }],
  [['a="say \\"hi\\"" b=x\\ y'], { a: 'say "hi"', b: 'x y' }],
  [['a='], { a: '' }],
  [['a=b=c'], { a: 'b=c' }],
  [['{"a": 1, "b": [true]}'], { a: 1, b: [true] }],
  [['{a: 1}'], { a: 1 }],
  [['@vars.yml'], { a: 1, b: '{{ c }}' }],
  [['a={{evil}}'], { a: '{{evil}}' }],
  [['a=1', '{"a": 2}'], { a: 2 }],
  [[], {}],
])('%j', (texts, value) => expect(vars(...texts)).toEqual(value))

test.each<[string, string]>([
  ['a', "usage -e:1:1 -e: 'a' gives no variable [write -e name=value, -e '{\"name\": 1}' or -e @FILE]"],
  ['a=1 b', "usage -e:1:4 -e: 'b' gives no variable [write -e name=value, -e '{\"name\": 1}' or -e @FILE]"],
  [
    'a-b=1',
    "wrong-value -e:1:1 'a-b' cannot be the name of a variable [letters, digits and _ only, not beginning with a digit]",
  ],
  [
    '{"a": 1',
    'yaml-syntax -e:1:8 not valid YAML: unexpected end of the stream within a flow collection [close the bracket]',
  ],
  ['@nope.yml', "missing-file -e: there is no file 'nope.yml' [a path after @ is relative to the folder you are in]"],
  ['@list.yml', 'wrong-type list.yml:1:1 list.yml must be a map of keys, not a list'],
])('%j is a mistake', (text, expected) => {
  try {
    vars(text)
    expect.unreachable()
  } catch (error) {
    if (!(error instanceof Mistake)) throw error
    expect(said(error.diagnostics)).toEqual([expected])
  }
})
