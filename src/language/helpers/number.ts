import type { Value } from '../../core/value.ts'
import { describe } from '../describe.ts'
import { number, text } from './arguments.ts'
import { BadArgument, type Helper } from './helper.ts'

function of(name: string, usage: string, summary: string, run: (args: readonly Value[]) => Value): Helper {
  const count = usage.split(' ').length - 1
  return { name, usage: `{{${usage}}}`, summary, takes: [count, count], reads: 'deep', run }
}

/** Helpers that calculate, and those that turn one kind of value into another. */
export const numberHelpers: readonly Helper[] = [
  { ...of('add', 'add a b', 'The sum.', args => sum(args.map(number))), takes: [2, 20] },
  of('sub', 'sub a b', 'The difference.', ([a, b]) => finite(number(a) - number(b))),
  { ...of('mul', 'mul a b', 'The product.', args => finite(args.map(number).reduce((x, y) => x * y))), takes: [2, 20] },
  of('div', 'div a b', 'The quotient, with its fraction.', ([a, b]) => finite(number(a) / divisor(b))),
  of('mod', 'mod a b', 'What is left, with the sign of b.', ([a, b]) => {
    const by = divisor(b)
    return ((number(a) % by) + by) % by
  }),
  of('int', 'int x', 'A whole number: of a text, or of a number without its fraction.', ([x]) => int(x)),
  of('float', 'float x', 'A number of a text.', ([x]) => float(x)),
  of('string', 'string x', 'The text of a number or boolean.', ([x]) => text(x)),
  of('bool', 'bool x', 'A boolean: true, yes, on, 1 are true; false, no, off, 0 are false.', ([x]) => bool(x)),
]

function sum(numbers: readonly number[]): number {
  return finite(numbers.reduce((x, y) => x + y))
}

function finite(result: number): number {
  if (Number.isFinite(result)) return result
  throw new BadArgument('wrong-value', 'the result is too large')
}

function divisor(value: Value | undefined): number {
  if (number(value) !== 0) return number(value)
  throw new BadArgument('wrong-value', 'divides by zero')
}

function int(value: Value | undefined): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  const whole = Math.trunc(float(value))
  if (Number.isSafeInteger(whole)) return whole
  throw new BadArgument('wrong-value', 'this whole number is too large', { detail: String(value) })
}

function float(value: Value | undefined): number {
  if (typeof value === 'number') return value
  if (typeof value !== 'string') throw new BadArgument('wrong-type', `wants a string, got ${describe(value ?? null)}`)
  const written = value.trim()
  const result = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written) ? Number(written) : Number.NaN
  if (!Number.isFinite(result)) throw new BadArgument('wrong-value', 'this text is no number', { detail: value })
  return result
}

const truths = new Map<Value | undefined, boolean>([
  ...(['true', 'yes', 'on', '1', 1, true] as const).map(word => [word, true] as const),
  ...(['false', 'no', 'off', '0', 0, false] as const).map(word => [word, false] as const),
])

function bool(value: Value | undefined): boolean {
  const truth = truths.get(typeof value === 'string' ? value.trim().toLowerCase() : value)
  if (truth !== undefined) return truth
  throw new BadArgument('wrong-value', 'this is neither true nor false', { detail: String(value) })
}
