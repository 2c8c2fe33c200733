import type { Module } from '../core/module.ts'
import type { Schema } from '../core/schema.ts'
import type { Palette } from './palette.ts'
import { indent } from './words.ts'

/** A module's page, from its declaration. */
export function renderDoc(module: Module<never>, paint: Palette): readonly string[] {
  const required = new Set(module.args.required ?? [])
  const options = Object.entries(module.args.properties ?? {})
  return [
    `${paint.bold(module.name)}: ${module.summary}`,
    ...(module.freeForm === undefined ? [] : ['', `Short form: \`${module.name}: <${module.freeForm}>\``]),
    ...(options.length === 0 ? [] : ['', paint.bold('Arguments')]),
    ...options.flatMap(([name, schema]) =>
      indent(renderOption(name, schema, { paint, required: required.has(name) }), 2),
    ),
    ...renderReturns(module, paint),
  ]
}

/** One line a module. */
export function renderDocList(modules: readonly Module<never>[], paint: Palette): readonly string[] {
  const longest = Math.max(0, ...modules.map(({ name }) => name.length))
  const sorted = [...modules].sort((a, b) => (a.name < b.name ? -1 : 1))
  return sorted.map(({ name, summary }) => `${paint.bold(name.padEnd(longest))}  ${firstSentence(summary)}`)
}

function firstSentence(text: string): string {
  return /^.*?[.:](?=\s|$)/s.exec(text)?.[0].replace(/:$/, '.') ?? text
}

interface OptionStyle {
  readonly paint: Palette
  readonly required: boolean
}

function renderOption(name: string, schema: Schema, { paint, required }: OptionStyle): readonly string[] {
  const notes = [
    typeName(schema),
    required ? 'required' : '',
    schema.default === undefined ? '' : `default ${JSON.stringify(schema.default)}`,
    schema.secret ? 'may be a secret' : '',
    schema.aliases === undefined ? '' : `also ${schema.aliases.join(', ')}`,
    schema.lookup === undefined ? '' : `looked up in ${schema.lookup}/`,
  ].filter(note => note !== '')
  const text = [schema.description, schema.expects === undefined ? undefined : `Must be ${schema.expects}.`]
  return [
    `${paint.note(name)} ${paint.dim(`(${notes.join(', ')})`)}`,
    ...indent(
      text.filter(line => line !== undefined),
      2,
    ),
    ...Object.entries(schema.properties ?? {}).flatMap(([inner, below]) =>
      indent(renderOption(inner, below, { paint, required: schema.required?.includes(inner) ?? false }), 2),
    ),
  ]
}

/** `string`, `list of string`, `one of "a", "b"`. */
export function typeName(schema: Schema): string {
  if (schema.enum) return `one of ${schema.enum.map(value => JSON.stringify(value)).join(', ')}`
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return [...new Set(choices.map(typeName))].join(' or ')
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['any'])
  return types
    .map(type => (type === 'array' && schema.items ? `list of ${typeName(schema.items)}` : (words[type] ?? type)))
    .join(' or ')
}

const words: { readonly [type: string]: string } = { array: 'list', object: 'map' }

function renderReturns(module: Module<never>, paint: Palette): readonly string[] {
  const returns = Object.entries(module.returns ?? {})
  if (returns.length === 0) return []
  return ['', paint.bold('Returns'), ...returns.map(([name, text]) => `  ${paint.note(name)}: ${text}`)]
}
