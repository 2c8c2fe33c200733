import type { ScalarNode } from '../../language/node.ts'
import { written } from '../read.ts'

/** A decrypted value as what it was; undefined where its text does not fit its type. */
export function typed(bytes: Buffer, type: string): boolean | number | string | undefined {
  const text = bytes.toString('utf8')
  if (type === 'str' || type === 'bytes' || type === 'time') return text
  if (type === 'bool') return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : undefined
  if (type !== 'int' && type !== 'float') return undefined
  const number = Number(text)
  if (text.trim() === '' || Number.isNaN(number)) return undefined
  // A number too long for its type keeps its digits.
  return type === 'int' && !Number.isSafeInteger(number) ? text : number
}

/** A value that SOPS left as it was, in the bytes that its MAC is made of: as Go prints it. */
export function bytesForMac(node: ScalarNode): string {
  const { value } = node
  if (value === null) return ''
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  if (typeof value !== 'number') return String(value)
  const text = written(node)
  // The reader that SOPS uses takes a leading zero for octal.
  if (/^[-+]?0[0-7]+$/.test(text)) return String(Number.parseInt(text, 8))
  return withoutExponent(value)
}

function withoutExponent(value: number): string {
  const [, sign = '', whole = '', fraction = '', power] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]\d+))?$/.exec(String(value)) ?? []
  if (power === undefined) return String(value)
  const shift = Number(power)
  const digits = whole + fraction
  if (shift < 0) return `${sign}0.${'0'.repeat(-shift - 1)}${digits}`
  return sign + digits.padEnd(whole.length + shift, '0')
}
