import { setMaxListeners } from 'node:events'
import type { ChangeKind } from '../../src/changes/kind.ts'
import type { Change } from '../../src/core/change.ts'
import type { Connection, Dialer, Identity, Shell } from '../../src/core/connection.ts'
import { Failure, Unreachable } from '../../src/core/diagnostic.ts'
import { changed, defineModule, type Module, unchanged } from '../../src/core/module.ts'
import { ask, type Question } from '../../src/core/question.ts'
import type { Section } from '../../src/core/section.ts'
import type { Facts } from '../../src/engine/deps.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'

/** What happened on the wire, in order: the barriers are read from it. */
export interface Step {
  readonly at: 'begin' | 'end'
  readonly host: string
  readonly what: string
}

/**
 * A world of hosts that are maps of keys and values, with a language of three scripts (`get K…`, `set K V`, `fail TEXT`):
 * enough for the engine's order, prediction and bookkeeping to be seen without any host.
 */
export class World {
  readonly hosts = new Map<string, Map<string, string>>()
  readonly steps: Step[] = []
  readonly frames: string[][] = []
  readonly dead = new Set<string>()
  /** Notes of owed handlers: host, with `user@` where somebody else is at work there → id → JSON. */
  readonly owed = new Map<string, Map<string, string>>()
  delay = 1
  /** Something else in the world that follows: a key was looked at, or set. */
  meanwhile: (what: 'get' | 'set', host: string, key: string) => void = () => undefined
  /** Scripts (their first words) at which the connection is cut: before they do anything, or after they have done it. */
  readonly cuts: { readonly script: string; readonly when: 'before' | 'after' }[] = []
  /** So many times another run has the lock. */
  locked = 0
  /** Which boot a host is in; two of one boot are one machine. */
  readonly boots = new Map<string, string>()
  /** Milliseconds for each question. */
  slowAnswers = 0
  /** Channels of their own: whose they are, in the order in which they were opened and closed. */
  readonly channels: string[] = []
  /** Hosts whose answers are so many milliseconds on their way. */
  readonly far = new Map<string, number>()

  store(host: string): Map<string, string> {
    const known = this.hosts.get(host) ?? new Map<string, string>()
    this.hosts.set(host, known)
    return known
  }

  get dialer(): Dialer {
    return { dial: async host => this.#connect(host) }
  }

  #connect(host: string): Connection {
    if (this.dead.has(host)) throw new Unreachable({ code: 'unreachable', message: `${host} does not answer` })
    let trips = 0
    const shellOf = (who: string): Shell => ({
      frame: async (scripts, options) => {
        trips++
        if (options?.unlessBegun?.aborted || options?.signal?.aborted) throw cancelled(host)
        this.frames.push([host, ...scripts])
        const sections: Section[] = []
        for (const script of scripts) {
          const section = await unlessEnded(host, this.#run(host, script, who), options?.signal)
          sections.push(section)
          if (section.code !== 0 && options?.stopOnFailure) break
        }
        const way = this.far.get(host)
        if (way !== undefined) await new Promise(done => setTimeout(done, way))
        return sections
      },
      close: async () => undefined,
    })
    const shell = async ({ become }: Identity) => shellOf(become === undefined ? host : `${become}@${host}`)
    return {
      host,
      shell,
      ownShell: async (identity, options) => {
        const own = await shell(identity)
        const whose = identity.become === undefined ? host : `${identity.become}@${host}`
        this.channels.push(`open ${whose}${options?.openNow ? ' now' : ''}`)
        return { ...own, close: async () => void this.channels.push(`close ${whose}`) }
      },
      pour: async () => {
        throw new Error('nothing to pour')
      },
      get roundTrips() {
        return trips
      },
      bytes: { sent: 0, received: 0 },
      alive: true,
      close: async () => undefined,
    }
  }

  async #run(host: string, script: string, who: string): Promise<Section> {
    const at = this.cuts.findIndex(cut => script.startsWith(cut.script))
    const [cut] = at < 0 ? [] : this.cuts.splice(at, 1)
    if (cut?.when === 'before') throw lost()
    const section = await this.#perform(host, script, who)
    if (cut) throw lost()
    return section
  }

  async #perform(host: string, script: string, who: string): Promise<Section> {
    const [verb, ...words] = script.replace(/^(?:export .*\n)+/, '').split(' ')
    if (verb === 'cut') throw lost()
    if (verb === 'fail') return section('', words.join(' '), 1)
    if (script === 'note lock.take' && this.locked > 0) {
      this.locked -= 1
      this.meanwhile('set', host, 'lock')
      return section('somebody', '', 75)
    }
    if (verb === 'note') return section('')
    if (verb === 'boot') return section(this.boots.get(host) ?? host)
    const notes = this.owed.get(who) ?? new Map<string, string>()
    this.owed.set(who, notes)
    if (verb === 'owed') return section(`[${[...notes.values()].join(',')}]`)
    if (verb === 'owe') {
      notes.set(words[0]!, words.slice(1).join(' '))
      return section('')
    }
    if (verb === 'paid') {
      for (const id of words) notes.delete(id)
      return section('')
    }
    if (verb === 'get') await new Promise(done => setTimeout(done, this.slowAnswers))
    if (verb === 'get') {
      const answer = section(JSON.stringify(words.map(key => this.store(host).get(key) ?? null)))
      for (const key of words) this.meanwhile('get', host, key)
      return answer
    }
    const [key, value] = words as [string, string]
    this.steps.push({ at: 'begin', host, what: `${key}=${value}` })
    await new Promise(done => setTimeout(done, this.delay))
    this.store(host).set(key, value)
    this.meanwhile('set', host, key)
    this.steps.push({ at: 'end', host, what: `${key}=${value}` })
    return section('')
  }
}

function lost(): Unreachable {
  return new Unreachable({ code: 'connection-lost', message: 'the connection was lost' })
}

function cancelled(host: string): Failure {
  return new Failure({ code: 'cancelled', message: `cancelled on ${host}` })
}

function unlessEnded<T>(host: string, work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal) setMaxListeners(0, signal)
  const ended = new Promise<never>((_, reject) => {
    signal?.addEventListener('abort', () => reject(cancelled(host)), { once: true })
  })
  return Promise.race([work, ended])
}

function section(stdout: string, stderr = '', code = 0): Section {
  return { stdout: Buffer.from(stdout), stderr: Buffer.from(stderr), code, truncated: false }
}

export function keyValue(key: string, host?: string): Question<string | null> {
  return { kind: 'key', key, arg: key, on: host }
}

const keyKind: QuestionKind<string, string | null> = {
  kind: 'key',
  sh: keys => `get ${keys.join(' ')}`,
  parse: ({ stdout }) => JSON.parse(Buffer.from(stdout).toString()),
  predict: (shadow, key, actual) => {
    const planned = shadow.values.get(key) as string | undefined
    if (planned !== undefined) return planned
    return actual === null ? (shadow.notFound ?? null) : actual
  },
}

/** The same key as seen over a network: what any host does may alter it. */
const openKind: QuestionKind<string, string | null> = {
  kind: 'open',
  open: true,
  sh: keyKind.sh,
  parse: keyKind.parse,
}

/** The key `color` as a fact. */
const factKind: QuestionKind<string, { readonly [name: string]: string | null }> = {
  kind: 'fact',
  sh: keyKind.sh,
  parse: (section, names) =>
    (keyKind.parse(section, names) as (string | null)[]).map((value, i) => ({ [names[i]!]: value })),
}

export const facts: Facts = { names: ['color'], question: ([name]) => ({ kind: 'fact', key: name!, arg: name! }) }

export interface SetKey extends Change {
  readonly key: string
  readonly value: string
}

const setKind: ChangeKind<SetKey> = {
  kind: 'key.set',
  carry: ({ key, value }) => ({
    script: key === 'cut' ? 'cut' : key === 'fail' ? `fail ${value}` : `set ${key} ${value}`,
  }),
  fold: (shadow, { key, value }) => void shadow.values.set(key, value),
  diff: ({ key, value }) => ({ subject: key, summary: `set ${key}`, before: null, after: value }),
  footprint: ({ key }) => [`key:${key}`],
}

/** The same, by a change that rides with others. */
const leafKind: ChangeKind<SetKey> = { ...setKind, kind: 'leaf.set', joins: () => true }

/** The same, by one that has a channel of its own and leaves nothing there. */
const quietKind: ChangeKind<SetKey> = {
  ...setKind,
  kind: 'quiet.set',
  carry: change => ({ ...setKind.carry(change), own: true, still: true }),
}

/** The same, by one that tells what the key will be. */
const sureKind: ChangeKind<SetKey> = { ...leafKind, kind: 'sure.set', foretells: ({ key }) => [`key:${key}`] }

interface Opaque extends Change {
  readonly kind: 'opaque'
}

const opaqueKind: ChangeKind<Opaque> = {
  kind: 'opaque',
  carry: () => ({ script: 'set opaque done', own: true }),
  outcome: () => ({ stdout: 'said' }),
  fold: shadow => shadow.mayAlter('the opaque task'),
  diff: () => ({ subject: 'opaque', summary: 'do something' }),
  footprint: () => 'all',
  repeatable: () => false,
}

const note = (kind: string): ChangeKind => ({
  kind,
  carry: () => ({ script: `note ${kind}` }),
  fold: () => undefined,
  diff: () => ({ subject: kind, summary: kind }),
  footprint: () => [],
})

interface Mark extends Change {
  readonly kind: 'pending.mark'
  readonly id: string
  readonly note: string
}
interface Clear extends Change {
  readonly kind: 'pending.clear'
  readonly ids: readonly string[]
}

const markKind: ChangeKind<Mark> = {
  ...note('pending.mark'),
  kind: 'pending.mark',
  carry: ({ id, note }) => ({ script: `owe ${id} ${note}` }),
}
const clearKind: ChangeKind<Clear> = {
  ...note('pending.clear'),
  kind: 'pending.clear',
  carry: ({ ids }) => ({ script: `paid ${ids.join(' ')}` }),
}
const pendingKind: QuestionKind = {
  kind: 'pending',
  sh: () => 'owed',
  parse: ({ stdout }, args) => {
    try {
      const notes: unknown = JSON.parse(Buffer.from(stdout).toString())
      return args.map(() => notes)
    } catch {
      throw new Failure({ code: 'bad-answer', message: 'garbage for notes' })
    }
  },
}

const keyArgs = {
  type: 'object',
  required: ['name', 'value'],
  additionalProperties: false,
  properties: { name: { type: 'string' }, value: { type: 'string' }, on: { type: 'string' } },
} as const

const keeping = (name: string, kind: string) =>
  defineModule({
    name,
    summary: 'Keep a key at a value.',
    args: keyArgs,
    targets: ({ name }) => [{ facet: 'value', name }],
    *plan({ name, value, on }) {
      const before = yield* ask(keyValue(name, on))
      if (before === value) return unchanged({ before })
      const change: SetKey = { kind, key: name, value, on }
      return changed([change], { before })
    },
  })

/** `key: {name, value}`: keeps one key of the host at a value. */
const keyModule = keeping('key', 'key.set')

/** `leaf: {name, value}`: the same by a change that rides with others. */
const leafModule = keeping('leaf', 'leaf.set')

/** `sure: {name, value}`: the same by one that tells what the key will be. */
const sureModule = keeping('sure', 'sure.set')

/** `look: {name}`: tells what a key is, as an open question. */
const lookModule = defineModule({
  name: 'look',
  summary: 'Tell a key.',
  args: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: { name: { type: 'string' } },
  },
  *plan({ name }) {
    const question: Question<string | null> = { kind: 'open', key: name, arg: name }
    return unchanged({ seen: yield* ask(question) })
  },
})

/** `opaque: {}`: always does something that nobody can foretell, and says something. */
const opaqueModule = defineModule({
  name: 'opaque',
  summary: 'Do something.',
  args: { type: 'object', additionalProperties: false, properties: {} },
  *plan() {
    const change: Opaque = { kind: 'opaque' }
    return changed(
      [change],
      {},
      { later: { names: ['stdout'], from: ([outcome]) => ({ stdout: outcome?.stdout ?? '' }) } },
    )
  },
})

const builtin = (name: string, freeForm?: string): Module =>
  ({
    name,
    summary: name,
    local: true,
    args: { type: 'object' },
    ...(freeForm ? { freeForm } : {}),
    *plan() {
      return unchanged()
    },
  }) satisfies Module

export const modules: readonly Module[] = [
  keyModule,
  leafModule,
  keeping('quiet', 'quiet.set'),
  sureModule,
  opaqueModule,
  lookModule,
  ...['debug', 'set_fact', 'assert', 'fail'].map(name => builtin(name)),
]
export const questions: readonly QuestionKind[] = [factKind as QuestionKind, keyKind, openKind, pendingKind]
/** For worlds in which two names may be one machine. */
export const bootKind: QuestionKind<null, { readonly bootId: string }> = {
  kind: 'host.boot',
  sh: () => 'boot',
  parse: ({ stdout }, args) => args.map(() => ({ bootId: Buffer.from(stdout).toString() })),
}
export const changes: readonly ChangeKind[] = [
  setKind,
  leafKind,
  quietKind,
  sureKind,
  opaqueKind,
  {
    ...note('lock.take'),
    explain: ({ code }) => (code === 75 ? { code: 'host-locked', message: 'another run is at work' } : undefined),
  },
  note('lock.release'),
  markKind,
  clearKind,
]
