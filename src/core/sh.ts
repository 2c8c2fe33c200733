import { Failure } from './diagnostic.ts'

/** Quotes one word for any POSIX shell; what it may hold is every byte but NUL. */
export function quote(word: string | number): string {
  const text = String(word)
  if (text.includes('\0')) {
    const message = `a NUL byte cannot be part of a word: ${JSON.stringify(text.slice(0, 80))}`
    throw new Failure({ code: 'refused', message, hint: 'look where the value comes from; no shell can hand it on' })
  }
  return /^[A-Za-z0-9_/.:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}

/** Quotes the name of something for a program that would take a hyphen at its beginning for an option. */
export function operand(word: string): string {
  if (!word.startsWith('-')) return quote(word)
  const message = `a name cannot begin with a hyphen: ${JSON.stringify(word.slice(0, 80))}`
  throw new Failure({ code: 'refused', message, hint: 'a program would take it for an option' })
}

/** Shell text with every interpolated value quoted; arrays become several words. Raw shell text goes in by `raw`. */
export function sh(
  strings: TemplateStringsArray,
  ...values: readonly (string | number | Raw | readonly string[])[]
): string {
  return strings.reduce((text, part, i) => {
    const value = values[i - 1] as string | number | Raw | readonly string[]
    const word =
      value instanceof Raw
        ? value.text
        : Array.isArray(value)
          ? value.map(quote).join(' ')
          : quote(value as string | number)
    return text + word + part
  })
}

export class Raw {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** Shell text to be put into `sh` as it is. */
export function raw(text: string): Raw {
  return new Raw(text)
}

/**
 * A builtin `printf` that prints exactly these bytes, in dash, bash and busybox ash alike: nothing reaches an argv,
 * nothing is spilled to a file as a here-document may be.
 */
export function printBytes(content: string | Uint8Array): string {
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content)
  const text = bytes.toString('utf8')
  const isUtf8 = Buffer.from(text).equals(bytes)
  const format = isUtf8 ? escapeText(text) : escapeBytes(bytes)
  // A format that begins with a hyphen would be taken for options.
  return `printf '${format.replace(/^-/, octal(0x2d))}'`
}

function escapeText(text: string): string {
  return text.replace(/[\\%'\0]/g, char => (char === '%' ? '%%' : octal(char.charCodeAt(0))))
}

function escapeBytes(bytes: Buffer): string {
  let text = ''
  for (const byte of bytes) text += byte >= 0x80 ? octal(byte) : escapeText(String.fromCharCode(byte))
  return text
}

function octal(byte: number): string {
  return `\\${byte.toString(8).padStart(3, '0')}`
}
