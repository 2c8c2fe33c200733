// Shorter texts would blot out half of what is said, and are found by guessing anyway.
const shortest = 4

/** The forms in which a secret turns up in what programs say: as it is, each line of it, and both as encoded by others. */
export function formsOf(text: string): ReadonlySet<string> {
  const lines = text.split(/\r?\n/)
  const parts = [text, ...lines].flatMap(part => [part, part.trim()])
  const whole = new Set(parts.filter(part => part.length >= shortest))
  return new Set([...whole].flatMap(encoded).filter(form => form.length >= shortest))
}

function encoded(part: string): readonly string[] {
  return [part, ...json(part), ...url(part), ...shell(part), ...base64(part), ...hexadecimal(part)]
}

/** As in a JSON text, without its quotes; that text in a JSON text again, and as Python, PHP and Go's HTML-safe form write it. */
function json(part: string): readonly string[] {
  const once = JSON.stringify(part).slice(1, -1)
  const ascii = once.replace(/[^\x20-\x7e]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
  const safe = once.replace(/[<>&]/g, char => `\\u00${char.charCodeAt(0).toString(16)}`)
  return [once, JSON.stringify(once).slice(1, -1), ascii, safe]
}

function url(part: string): readonly string[] {
  const well = encodeURIComponent(Buffer.from(part).toString('utf8'))
  const strict = well.replace(/[!'()*~]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
  const lower = (text: string) => text.replace(/%[0-9A-F]{2}/g, code => code.toLowerCase())
  const form = new URLSearchParams({ x: part }).toString().slice(2)
  return [
    form,
    lower(form),
    well,
    strict,
    well.replaceAll('%20', '+'),
    strict.replaceAll('%20', '+'),
    lower(well),
    lower(strict),
  ]
}

/** Within single quotes, within double quotes, with backslashes, and as our own `printf` writes it. */
function shell(part: string): readonly string[] {
  const single = part.replaceAll("'", `'\\''`)
  const double = part.replace(/[\\"$`]/g, '\\$&')
  const bare = part.replace(/[^A-Za-z0-9_\-.,:/@%+=\n]/g, '\\$&')
  const format = part.replaceAll('\\', '\\134').replaceAll("'", '\\047').replaceAll('%', '%%').replace(/^-/, '\\055')
  return [single, part.replaceAll("'", `'"'"'`), double, bare, format, part.replace(/[\\"]/g, '\\$&')]
}

/** By itself, and within a longer text: what stands before shifts it by one or two bytes, and decides its ends. */
function base64(part: string): readonly string[] {
  const bytes = Buffer.from(part)
  const alone = bytes.toString('base64')
  const inside = [0, 1, 2].map(shift => {
    const text = Buffer.concat([Buffer.alloc(shift), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const partial = (shift + bytes.length) % 3 !== 0
    return text.slice(shift === 0 ? 0 : shift + 1, partial ? -1 : undefined)
  })
  // A short piece of base64 is too common a text.
  const forms = [alone, alone.replace(/=+$/, ''), ...inside.filter(form => form.length >= 8)]
  return forms.flatMap(form => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}

function hexadecimal(part: string): readonly string[] {
  const hex = Buffer.from(part).toString('hex')
  return [hex, hex.toUpperCase()]
}
