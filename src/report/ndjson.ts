import { mask, Secret } from '../core/secret.ts'
import { place, type Span } from '../core/span.ts'
import type { Reporter, Write } from './reporter.ts'
import { clip } from './sanitise.ts'

const longestString = 64 * 1024
const mostEntries = 10_000
const deepest = 64

/** One JSON object a line; the last is always `run.end`. Mistakes of the text come as `mistake`. */
export function createNdjson(write: Write): Reporter {
  const line = (value: object) => write(renderJsonLine(value))
  return {
    emit: line,
    mistakes(diagnostics) {
      for (const diagnostic of diagnostics) line({ type: 'mistake', diagnostic })
      line({
        type: 'run.end',
        check: false,
        hosts: {},
        questions: {},
        roundTrips: {},
        connections: {},
        bytes: {},
        ms: 0,
        exit: 1,
      })
    },
    close() {},
  }
}

export function renderJsonLine(value: object): string {
  return `${printable(JSON.stringify(plain(value, 0)))}\n`
}

/** Indented, for people and programs alike. */
export function renderJson(value: object): string {
  return printable(JSON.stringify(plain(value, 0), null, 2))
}

/** JSON's own kinds only: spans as `place`, bytes as base64, secrets masked, sizes bounded. */
function plain(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return clip(mask(value), longestString)
  if (typeof value === 'bigint') return Number(value)
  if (typeof value !== 'object' || value === null) return value
  if (value instanceof Secret) return value.toJSON()
  if (value instanceof Uint8Array) return clip(Buffer.from(value).toString('base64'), longestString)
  if (depth > deepest) return '…'
  if (Array.isArray(value)) return value.slice(0, mostEntries).map(part => plain(part, depth + 1))
  if ('toJSON' in value && typeof value.toJSON === 'function') return plain(value.toJSON(), depth + 1)
  return Object.fromEntries(entries(value).map(([name, part]) => [name, plain(part, depth + 1)]))
}

function entries(value: object): readonly (readonly [string, unknown])[] {
  const all =
    value instanceof Map ? [...value].map(([name, part]) => [String(name), part] as const) : Object.entries(value)
  return all
    .slice(0, mostEntries)
    .map(([name, part]) => (name === 'span' && isSpan(part) ? (['place', place(part)] as const) : [mask(name), part]))
}

function isSpan(value: unknown): value is Span {
  return typeof value === 'object' && value !== null && 'source' in value && 'start' in value && 'end' in value
}

// JSON leaves these as they are, and some terminals obey them.
function printable(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
