/** One `{{…}}` of a text, by offsets; `inner` is what stands between the braces and their marks (`#`, `/`, `~` …). */
export interface Mustache {
  readonly start: number
  readonly end: number
  readonly mark: string
  readonly inner: string
  readonly innerStart: number
}

/** What the texts between the mustaches are, and the mustaches, as far as they can be told without a grammar. */
export interface Scan {
  readonly mustaches: readonly Mustache[]
  readonly texts: readonly { readonly start: number; readonly text: string }[]
  /** Where a `{{` never ends. */
  readonly open: number | undefined
}

const opening = /\\?\{\{(?:\{\{)?/g

/** Finds mustaches with their exact places, which the parser's errors lack. Comments, escaped and raw ones are left out. */
export function scan(text: string): Scan {
  const mustaches: Mustache[] = []
  const texts: { start: number; text: string }[] = []
  let from = 0
  let plain = 0
  for (;;) {
    opening.lastIndex = from
    const found = opening.exec(text)
    if (found === null) break
    const escaped = found[0].startsWith('\\') && text[found.index - 1] !== '\\'
    const start = found.index + (found[0].startsWith('\\') ? 1 : 0)
    const end = escaped ? start + 2 : endOf(text, start)
    if (end === undefined) return { mustaches, texts, open: start }
    from = end
    if (escaped) continue
    texts.push({ start: plain, text: text.slice(plain, start) })
    plain = end
    const mustache = read(text, start, end)
    if (mustache !== undefined) mustaches.push(mustache)
  }
  texts.push({ start: plain, text: text.slice(plain) })
  return { mustaches, texts, open: undefined }
}

function endOf(text: string, start: number): number | undefined {
  if (text.startsWith('{{{{', start)) return rawEnd(text, start)
  if (/^\{\{~?!--/.test(text.slice(start, start + 6))) return after(text, '--}}', start) ?? after(text, '--~}}', start)
  if (/^\{\{~?!/.test(text.slice(start, start + 4))) return after(text, '}}', start)
  const close = text.startsWith('{{{', start) || text.startsWith('{{~{', start) ? /\}~?\}\}/y : /\}\}/y
  for (let at = start + 2; at < text.length; at++) {
    const char = text[at]
    if (char === '"' || char === "'") {
      const closing = text.indexOf(char, at + 1)
      if (closing < 0) continue
      // A brace between two apostrophes of running text is no string.
      if (!text.slice(at, closing).includes('\n')) at = closing
      continue
    }
    close.lastIndex = at
    if (close.test(text)) return close.lastIndex
  }
  return undefined
}

function rawEnd(text: string, start: number): number | undefined {
  const name = /^\{\{\{\{\s*([^\s}]+)/.exec(text.slice(start, start + 200))?.[1] ?? ''
  return after(text, `{{{{/${name}}}}}`, start)
}

function after(text: string, what: string, start: number): number | undefined {
  const at = text.indexOf(what, start)
  return at < 0 ? undefined : at + what.length
}

function read(text: string, start: number, end: number): Mustache | undefined {
  const whole = text.slice(start, end)
  const parts = /^\{\{~?([!{#/^&>*]*)([\s\S]*?)\}?~?\}\}$/.exec(whole)
  if (parts === null || whole.startsWith('{{{{')) return undefined
  const [, mark = '', inner = ''] = parts
  if (mark.startsWith('!')) return undefined
  return { start, end, mark, inner, innerStart: start + whole.indexOf(mark + inner) + mark.length }
}
