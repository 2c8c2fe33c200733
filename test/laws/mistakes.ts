import fc, { type Arbitrary } from 'fast-check'
import type { Module } from '../../src/core/module.ts'
import type { Schema } from '../../src/core/schema.ts'
import type { Parts } from './play.ts'
import { type OpenPlay, playbook, playOf } from './play.ts'
import type { Breach } from './rules/rule.ts'
import type { Json, TaskText, Trial } from './trial.ts'
import type { World } from './world.ts'

type Args = { readonly [name: string]: Json | undefined }

/** One argument made wrong; `at`: what stands in the line that must be named, where one can be. */
interface Wrong {
  readonly what: string
  readonly args: Args
  readonly at?: string
}

/** A play of tasks of one module that are all wrong, each in one way. */
export interface MistakenTrial extends Trial {
  readonly wrong: readonly { readonly what: string; readonly at?: string | undefined }[]
}

/** Bad arguments of a module, by its schema: several tasks at once, between others that are well. */
export function mistaken(module: Module, plays: Arbitrary<Trial>): Arbitrary<MistakenTrial> {
  return plays.chain(trial => {
    const index = trial.tasks.findIndex(task => isArgs(task[module.name]))
    const task = trial.tasks[index]
    const all = task === undefined ? [] : wrongs(module.args, task[module.name] as Args)
    const some = all.length === 0 ? fc.constant([]) : fc.array(fc.constantFrom(...all), { minLength: 1, maxLength: 4 })
    return some.map(wrong => ({
      ...trial,
      tasks: [
        ...(task === undefined ? [] : [{ ...task, name: 'well' }]),
        // A register or a loop of the generated task would only be in the way.
        ...wrong.map(({ args }, i): TaskText => ({ name: `wrong ${i}`, [module.name]: args })),
      ],
      handlers: [],
      wrong: wrong.map(({ what, at }) => ({ what, at })),
    }))
  })
}

function isArgs(value: Json | undefined): value is Args {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function wrongs({ properties = {}, required = [], additionalProperties }: Schema, args: Args): readonly Wrong[] {
  const unknown: readonly Wrong[] =
    additionalProperties === false
      ? [{ what: 'unknown key', args: { ...args, no_such_key: 1 }, at: 'no_such_key' }]
      : []
  const missing = required
    .filter(name => Object.hasOwn(args, name))
    .map((name): Wrong => ({ what: `without ${name}`, args: without(args, name) }))
  const valued = Object.entries(properties).flatMap(([name, schema]) =>
    badValues(schema).map(
      ([what, value]): Wrong => ({ what: `${name}: ${what}`, args: { ...args, [name]: value }, at: `"${name}"` }),
    ),
  )
  return [...unknown, ...missing, ...valued]
}

function without(args: Args, name: string): Args {
  return Object.fromEntries(Object.entries(args).filter(([key]) => key !== name))
}

/** Values that no reading of a schema lets through. */
function badValues(schema: Schema): readonly (readonly [what: string, value: Json])[] {
  const branches = schema.anyOf ?? schema.oneOf ?? [schema]
  const types = branches.flatMap(one => one.type ?? (one.enum ? one.enum.map(value => typeof value) : []))
  const typed = branches.every(one => one.type !== undefined || one.enum !== undefined)
  const bad: [string, Json][] = []
  if (typed && !types.includes('object')) bad.push(['a map', { a: { b: 1 } }])
  if (typed && !types.includes('array')) bad.push(['a list', [['x']]])
  if (typed && !types.some(one => one === 'string' || one === 'array')) bad.push(['a text', 'no such thing'])
  const { enum: choices, minimum, maximum, minItems, minLength, pattern } = schema
  if (choices) bad.push(['no choice', 'no-such-choice'])
  if (minimum !== undefined) bad.push(['too little', minimum - 1])
  if (maximum !== undefined) bad.push(['too much', maximum + 1])
  if (minItems !== undefined) bad.push(['too few', []])
  if (minLength !== undefined) bad.push(['too short', ''])
  const odd = pattern === undefined ? undefined : oddities.find(text => !new RegExp(pattern, 'u').test(text))
  if (odd !== undefined) bad.push(['another form', odd])
  return bad
}

const oddities = ['', ' ', 'not so\n', '\u0001', '/', '-']

/** L6: each of them is told when the play is loaded, all at once, in the line of what is wrong. */
export function breachesOfMistakes(world: World, parts: Parts, trial: MistakenTrial): readonly Breach[] {
  const play = playOf(world, parts, trial)
  try {
    return untold(play, trial).map(what => ({ law: 'L6', what }))
  } finally {
    play.close()
  }
}

function untold(play: OpenPlay, { wrong }: MistakenTrial): readonly string[] {
  const told = play.mistakes()
  const placed = told.flatMap(({ span }) => (span?.source.file.endsWith(playbook) ? [span] : []))
  const lost = told.filter(({ span }) => span === undefined).map(({ message }) => `told without its place: ${message}`)
  const silent = told.filter(({ message }) => message.trim() === '').map(() => 'told without a word')
  const overlooked = wrong.flatMap(({ what, at }, i) => {
    const here = placed.filter(({ source, start }) => {
      const [from, to] = partOf(source.text, i)
      return start >= from && start < to
    })
    if (here.length === 0) return [`${what}: not told when the play is loaded`]
    const named =
      at === undefined || here.some(({ source, start, end }) => linesAt(source.text, start, end).includes(at))
    return named ? [] : [`${what}: told, but not in the line of ${at}`]
  })
  return [...lost, ...silent, ...overlooked]
}

/** Where the i-th wrong task stands in the text. */
function partOf(text: string, i: number): readonly [number, number] {
  const from = text.indexOf(`"name": "wrong ${i}"`)
  const next = text.indexOf(`"name": "wrong ${i + 1}"`)
  return [from, next < 0 ? text.length : next]
}

/** The lines of a place; a value that is a map or a list begins in the line of its key. */
function linesAt(text: string, start: number, end: number): string {
  // A value inside a list, or a list of its own, begins a line after its key.
  const opened = text.slice(0, start).replace(/[\s[{]+$/, '')
  const from = Math.min(text.lastIndexOf('\n', start), text.lastIndexOf('\n', opened.length)) + 1
  const to = text.indexOf('\n', end)
  return text.slice(from, to < 0 ? undefined : to)
}
