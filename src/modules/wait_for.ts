import { Failure } from '../core/diagnostic.ts'
import { defineModule, type Plan, type Settled, unchanged } from '../core/module.ts'
import { type Pattern, pattern } from '../core/pattern.ts'
import { type Asking, ask } from '../core/question.ts'
import { fileStat, fileText } from '../questions/file.ts'
import { listening } from '../questions/listening.ts'
import { reach } from '../questions/reach.ts'
import { badPattern, failed } from './failed.ts'
import { absolutePath } from './files/schema.ts'

export const waitFor = defineModule({
  name: 'wait_for',
  summary: 'Wait until a port is open or closed, a file is there, holds a text, or is gone; or just for a time.',
  args: {
    type: 'object',
    additionalProperties: false,
    properties: {
      host: {
        type: 'string',
        minLength: 1,
        default: '127.0.0.1',
        description: 'As seen from the host; itself by default.',
      },
      port: { type: 'integer', minimum: 1, maximum: 65535 },
      path: absolutePath,
      search_regex: { type: 'string', description: 'What the file must hold.' },
      state: {
        enum: ['started', 'present', 'stopped', 'absent', 'drained'],
        default: 'started',
        description: '`drained`: no connection is open at the port.',
      },
      timeout: { type: 'integer', minimum: 0, default: 300, description: 'Seconds until it has failed.' },
      delay: { type: 'integer', minimum: 0, default: 0, description: 'Seconds before the first look.' },
      sleep: { type: 'number', minimum: 0.1, default: 1, description: 'Seconds between looks.' },
      connect_timeout: {
        type: 'integer',
        minimum: 1,
        default: 5,
        description: 'Seconds for one try of a port elsewhere.',
      },
      msg: { type: 'string', description: 'What to say when it has failed.' },
    },
  },
  returns: { elapsed: 'seconds waited', path: 'the path', port: 'the port', state: 'what was waited for' },
  *plan(args): Asking<Plan> {
    const { path, port, state, delay, timeout } = args
    if (path !== undefined && port !== undefined) return failed('wrong-value', 'give `path` or `port`, not both')
    if (args.search_regex !== undefined && path === undefined)
      return failed('wrong-value', '`search_regex` needs `path`')
    if (state === 'drained' && port === undefined) return failed('wrong-value', 'state: drained needs `port`')
    try {
      const look = condition(args)
      const what = title(args)
      const named = { state, ...(path === undefined ? {} : { path }), ...(port === undefined ? {} : { port }) }
      return unchanged(named, {
        settle: {
          what,
          within: timeout,
          every: args.sleep,
          *look({ elapsed, last }): Asking<Settled> {
            // A bare time-out is a pause.
            if (look === undefined)
              return elapsed >= timeout ? { done: true, result: { elapsed: Math.round(elapsed) } } : { waiting: what }
            if (elapsed < delay) return { waiting: `${delay} s to pass first` }
            if (yield* look()) return { done: true, result: { elapsed: Math.round(elapsed) } }
            if (!last) return { waiting: what }
            throw overdue(what, args)
          },
        },
      })
    } catch (error) {
      return badPattern(error)
    }
  },
})

interface Wish {
  readonly host: string
  readonly port?: number | undefined
  readonly path?: string | undefined
  readonly search_regex?: string | undefined
  readonly state: 'started' | 'present' | 'stopped' | 'absent' | 'drained'
  readonly timeout: number
  readonly connect_timeout: number
  readonly msg?: string | undefined
}

function overdue(what: string, { timeout, msg }: Wish): Failure {
  return new Failure({
    code: 'wait-timeout',
    message: msg ?? `${what} did not come true within ${timeout} s`,
    hint: 'look at what should bring it about, or give a larger timeout',
  })
}

const goneStates = new Set(['stopped', 'absent'])
const ownNames = new Set(['127.0.0.1', 'localhost', '::1', '0.0.0.0'])

/** One look; undefined: there is nothing to look at but the clock. */
function condition(wish: Wish): (() => Asking<boolean>) | undefined {
  const { path, port, state, search_regex } = wish
  const shallBeGone = goneStates.has(state)
  if (path !== undefined) {
    const wanted = search_regex === undefined ? undefined : pattern(search_regex, { multiline: true })
    return function* () {
      return (yield* holds(path, wanted)) !== shallBeGone
    }
  }
  if (port === undefined) return undefined
  return function* () {
    if (state === 'drained') return (yield* ask(listening(port))).connections === 0
    return (yield* isOpen(port, wish)) !== shallBeGone
  }
}

function* holds(path: string, wanted: Pattern | undefined): Asking<boolean> {
  if (wanted === undefined) return (yield* ask(fileStat(path))).type !== 'absent'
  const { text } = yield* ask(fileText(path))
  return text !== undefined && wanted.find(text) !== undefined
}

function* isOpen(port: number, { host, connect_timeout }: Wish): Asking<boolean> {
  if (ownNames.has(host)) return (yield* ask(listening(port))).listening
  return yield* ask(reach(host, port, connect_timeout))
}

function title({ path, port, host, state, search_regex, timeout }: Wish): string {
  const gone = goneStates.has(state)
  if (path !== undefined) {
    if (search_regex !== undefined) return `${path} to ${gone ? 'no longer hold' : 'hold'} ${search_regex}`
    return `${path} to be ${gone ? 'gone' : 'there'}`
  }
  if (port === undefined) return `${timeout} s to pass`
  if (state === 'drained') return `port ${port} to have no connections`
  return `port ${port} of ${host} to be ${gone ? 'closed' : 'open'}`
}
