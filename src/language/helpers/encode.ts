import { dump } from 'js-yaml'
import { sha256 } from '../../core/sha256.ts'
import type { Value } from '../../core/value.ts'
import { text, whole } from './arguments.ts'
import { BadArgument, type Helper, type Options } from './helper.ts'

type Run = (args: readonly Value[], options: Options) => Value

function of(name: string, usage: string, summary: string, run: Run): Helper {
  return { name, usage: `{{${usage}}}`, summary, takes: [1, 1], reads: 'deep', run }
}

/** Helpers that write values in another form, and read them back. */
export const encodeHelpers: readonly Helper[] = [
  {
    ...of('json', 'json x', 'As JSON in one line; `indent=2` in several.', ([x], { indent }) => json(x!, indent)),
    options: ['indent'],
  },
  {
    ...of('yaml', 'yaml x', 'As a block of YAML, without a last newline; `indent=2`.', ([x], { indent }) =>
      dump(x, { lineWidth: -1, noRefs: true, indent: width(indent ?? 2) }).trimEnd(),
    ),
    options: ['indent'],
  },
  of('b64encode', 'b64encode x', 'In base64.', ([x]) => Buffer.from(text(x)).toString('base64')),
  of('b64decode', 'b64decode x', 'Out of base64; it must be text.', ([x]) => decode(text(x))),
  of('sha256', 'sha256 x', 'The SHA-256 digest, in hexadecimal.', ([x]) => sha256(text(x))),
]

function json(x: Value, indent: Value | undefined): string {
  return JSON.stringify(x, null, indent === undefined ? 0 : width(indent))
}

function width(indent: Value): number {
  const columns = whole(indent)
  if (columns >= 1 && columns <= 10) return columns
  throw new BadArgument('wrong-value', 'indent is 1 to 10')
}

function decode(encoded: string): string {
  const compact = encoded.replace(/\s/g, '')
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(compact)) throw new BadArgument('wrong-value', 'this text is not base64')
  const bytes = Buffer.from(compact, 'base64')
  const decoded = bytes.toString('utf8')
  if (!Buffer.from(decoded).equals(bytes)) throw new BadArgument('wrong-value', 'what this base64 holds is not text')
  return decoded
}
