/** What a scalar may be, read by the YAML 1.2 core schema: `yes` and dates are texts, `0644` is a decimal number. */
export type Scalar = null | boolean | number | string

const integer = /^[-+]?[0-9]+$/
const octal = /^0o[0-7]+$/
const hexadecimal = /^0x[0-9a-fA-F]+$/
const float = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/

export function resolvePlain(text: string): Scalar {
  if (/^(|~|null|Null|NULL)$/.test(text)) return null
  if (/^(true|True|TRUE)$/.test(text)) return true
  if (/^(false|False|FALSE)$/.test(text)) return false
  if (integer.test(text) || octal.test(text) || hexadecimal.test(text)) return exact(Number(text), text)
  if (float.test(text)) return Number(text)
  return text
}

/** A number too long for its type keeps its digits as a text: a serial number must not be rounded. */
function exact(value: number, text: string): Scalar {
  return Number.isSafeInteger(value) ? value : text
}

/** The value under one of YAML's own tags (`!!str`); undefined where the text is not of that type. */
export function resolveTagged(tag: string, text: string): Scalar | undefined {
  const value = resolvePlain(text)
  if (tag === 'str') return text
  if (tag === 'null') return value === null ? null : undefined
  if (tag === 'bool') return typeof value === 'boolean' ? value : undefined
  if (tag === 'int') return Number.isInteger(value) ? value : undefined
  if (tag === 'float') return typeof value === 'number' ? value : undefined
  return undefined
}
