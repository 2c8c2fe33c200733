import { inspect } from 'node:util'
import fc, { type Arbitrary } from 'fast-check'
import type { Event } from '../../src/core/event.ts'
import type { Module } from '../../src/core/module.ts'
import type { Schema } from '../../src/core/schema.ts'
import { createHuman } from '../../src/report/human.ts'
import { createNdjson } from '../../src/report/ndjson.ts'
import type { Reporter } from '../../src/report/reporter.ts'
import { type Parts, playOf } from './play.ts'
import type { Breach } from './rules/rule.ts'
import type { WatchedWorld } from './scratch.ts'
import { type Json, placed, type TaskText, type Trial } from './trial.ts'

export const canary = 'canary-7d1f0c4be2'

/** A play in which one text of one argument is a secret. */
export interface CanaryTrial {
  readonly trial: Trial
  /** The argument may hold secrets by the module's own word: no program may be called with it. */
  readonly quiet: boolean
  /** Nothing may be carried: its state is answers. */
  readonly checkOnly: boolean
}

/** What is planted, and the variable that holds it. */
export interface Planted {
  readonly variable: string
  readonly text: string
}

/** Every text of every argument in turn: what is there with the canary behind it, or the canary where nothing is. */
export function canaries(
  module: Module,
  trials: Arbitrary<Trial>,
  checkOnly: boolean,
  { variable, text }: Planted = { variable: 'canary', text: canary },
): Arbitrary<CanaryTrial> {
  return trials.chain((trial): Arbitrary<CanaryTrial> => {
    const i = trial.tasks.findIndex(task => isMap(task[module.name]))
    const task = trial.tasks[i]
    if (task === undefined) return fc.constant({ trial, quiet: false, checkOnly })
    const args = task[module.name] as { readonly [name: string]: Json }
    const places = textsOf(module.args)
    if (places.length === 0) return fc.constant({ trial, quiet: false, checkOnly })
    return fc.constantFrom(...places).map(([name, schema]) => {
      const had = args[name]
      // A program may quote a part of a secret that it runs, and only the whole is known: there the canary is all of it.
      const whole = module.name === 'command' || module.name === 'shell'
      const secret = `${typeof had === 'string' && !whole && !had.includes('{{') ? had : ''}${text}`
      const named = `{{${variable}}}`
      const value: Json = Array.isArray(had) || schema.type === 'array' ? [named] : named
      const told: TaskText = { ...task, [module.name]: { ...args, [name]: value }, ignore_errors: true }
      return {
        trial: {
          ...trial,
          tasks: trial.tasks.map((one, at) => (at === i ? told : one)),
          secrets: { ...trial.secrets, [variable]: secret },
        },
        quiet: schema.secret === true,
        checkOnly,
      }
    })
  })
}

function isMap(value: Json | undefined): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The arguments that may be a text, or a list of texts. */
export function textsOf({ properties = {} }: Schema): readonly (readonly [name: string, schema: Schema])[] {
  return Object.entries(properties).filter(([name, schema]) => {
    // An expression is the user's own word: it is compiled, and never a value.
    if (['var', 'that'].includes(name)) return false
    const branches = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])]
    const ways = [...branches, ...branches.flatMap(one => one.items ?? [])]
    return ways.some(one => one.enum === undefined && [one.type].flat().includes('string'))
  })
}

/** L5: whatever becomes of the task, no event, journal, report or program's arguments and environment has the canary. */
export async function breachesOfSecrets(world: WatchedWorld, parts: Parts, of: CanaryTrial) {
  const here = placed(of.trial, world.root)
  await world.prepare(here.found)
  world.shims.forget()
  const play = playOf(world, parts, here)
  const told: string[] = []
  const prints = here.tasks.some(task => 'command' in task || 'shell' in task)
  let failed = false
  try {
    for (const check of of.checkOnly ? [true] : [true, false, false]) {
      const { events, journal, ends } = await play.run(check)
      failed ||= ends.some(end => end.status === 'failed')
      // What a command prints is a value that later tasks may need as it is; who shows it masks it.
      const inside = prints ? [journal] : [events, journal]
      told.push(JSON.stringify(inside), inspect(inside, { depth: 12, maxStringLength: null }))
      told.push(...reported(events))
    }
  } finally {
    play.close()
  }
  const breaches: Breach[] = told.flatMap(text => leak(text, 'it is told'))
  if (of.quiet) breaches.push(...leak(world.shims.noted(), 'a program was called with it'))
  return { breaches, failed }
}

/** As every reporter prints them, as loud as they can be. */
export function reported(events: readonly Event[]): readonly string[] {
  let text = ''
  const write = (more: string) => {
    text += more
  }
  const reporters: readonly Reporter[] = [
    createHuman({ write, color: false, diff: true, verbosity: 3 }),
    createHuman({ write, color: true, diff: true, verbosity: 0 }),
    createNdjson(write),
  ]
  for (const reporter of reporters) {
    for (const event of events) reporter.emit(event)
    reporter.close()
  }
  return [text]
}

export function leak(text: string, how: string, secret = canary): readonly Breach[] {
  const forms = [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), encodeURIComponent(secret)]
  const at = forms.map(form => text.indexOf(form)).find(one => one >= 0)
  return at === undefined ? [] : [{ law: 'L5', what: `${how}: …${text.slice(Math.max(0, at - 160), at + 60)}…` }]
}
