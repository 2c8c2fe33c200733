import { resolvePlain } from '../yaml/scalar.ts'

type Flow = string | { readonly [name: string]: Flow }

/** Texts and maps of them as one line of YAML; quoted only where they would be read as something else. */
export function flowText(value: Flow): string {
  if (typeof value === 'string') return scalar(value)
  const parts = Object.entries(value).map(([name, part]) => `${scalar(name)}: ${flowText(part)}`)
  return `{ ${parts.join(', ')} }`
}

function scalar(text: string): string {
  const plain = /^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(text) && typeof resolvePlain(text) === 'string'
  return plain ? text : JSON.stringify(text)
}
