import { resolve } from 'node:path'
import { Mistake } from '../core/diagnostic.ts'
import type { Source, Span } from '../core/span.ts'
import type { Node } from '../language/node.ts'
import type { Tree } from '../language/scope.ts'
import { literalTree } from './compile.ts'
import { type Disk, disk } from './disk.ts'
import type { VarLayer } from './model.ts'
import { Problems } from './problems.ts'
import { isVariableName } from './read.ts'
import { asMap } from './read-keys.ts'
import { parseYaml } from './yaml/parse-yaml.ts'

/**
 * The variables of `-e`: `name=value` (texts, several with spaces between), JSON or YAML of a map, or `@FILE`; later
 * ones are stronger. None of it is ever compiled as a template. Throws a Mistake.
 */
export function readExtraVars(texts: readonly string[], cwd: string, on: Disk = disk): VarLayer {
  const problems = new Problems()
  const vars = new Map<string, Tree>()
  for (const text of texts) {
    for (const [name, tree] of problems.attempt(() => readOne(text.trim(), { cwd, on, problems })) ?? [])
      vars.set(name, tree)
  }
  problems.throwIfAny()
  return { origin: '-e', rank: 'extra vars', vars }
}

interface From {
  readonly cwd: string
  readonly on: Disk
  readonly problems: Problems
}

function readOne(text: string, from: From): Iterable<readonly [string, Tree]> {
  if (text.startsWith('@')) return readFile(text.slice(1), from)
  const source: Source = { file: '-e', text }
  if (text.startsWith('{')) return readMap(source, from)
  return readPairs(source, from)
}

function readFile(name: string, from: From): Iterable<readonly [string, Tree]> {
  const text = from.on.read(resolve(from.cwd, name))
  if (text !== undefined) return readMap({ file: name, text }, from)
  const hint = 'a path after @ is relative to the folder you are in'
  throw new Mistake({ code: 'missing-file', message: `-e: there is no file '${name}'`, hint })
}

function readMap(source: Source, { problems, on }: From): Iterable<readonly [string, Tree]> {
  const node = parseYaml(source, problems, on.keys)
  const map = node && asMap(node, { problems, where: source.file })
  const entries = map?.entries ?? []
  const named = entries.filter(({ key, keySpan }) => isVariableName(key, keySpan, { problems, what: source.file }))
  return named.map(({ key, value }) => [key, literalTree(value as Node)] as const)
}

const pair = /\s*([^\s=]+)=((?:"(?:[^"\\]|\\.)*"|'[^']*'|\\.|[^\s"'\\])*)(?=\s|$)/y

function readPairs(source: Source, { problems }: From): readonly (readonly [string, Tree])[] {
  const pairs: (readonly [string, Tree])[] = []
  const { text } = source
  for (let at = 0; text.slice(at).trim() !== ''; at = pair.lastIndex) {
    pair.lastIndex = at
    const match = pair.exec(text)
    if (!match) throw new Mistake(notAPair(source, at))
    const [whole, name = '', value = ''] = match
    const end = at + whole.length
    const span: Span = { source, start: end - value.length, end }
    const nameSpan: Span = { source, start: end - value.length - 1 - name.length, end: end - value.length - 1 }
    if (isVariableName(name, nameSpan, { problems, what: '-e' }))
      pairs.push([name, { kind: 'value', value: unquoted(value), span }])
  }
  return pairs
}

function notAPair(source: Source, start: number) {
  const span: Span = { source, start, end: source.text.length }
  const hint = `write -e name=value, -e '{"name": 1}' or -e @FILE`
  return { code: 'usage', message: `-e: '${source.text.slice(start).trim()}' gives no variable`, span, hint } as const
}

function unquoted(text: string): string {
  return text.replace(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|\\(.)/g,
    (_, double?: string, single?: string, escaped?: string) =>
      double !== undefined ? double.replace(/\\(.)/g, '$1') : (single ?? escaped ?? ''),
  )
}
