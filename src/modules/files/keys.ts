const types =
  /^(ssh-(rsa|dss|ed25519)|ecdsa-sha2-nistp(256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com)(-cert-v01@openssh\.com)?$/

export interface PublicKey {
  readonly options: string
  readonly type: string
  /** Base64: what makes it the same key. */
  readonly blob: string
  readonly comment: string
}

/** A line of authorized_keys; undefined: it is no key. Options may hold quoted spaces. */
export function readKey(line: string): PublicKey | undefined {
  const words = line.match(/(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g) ?? []
  const at = words.findIndex(word => types.test(word))
  const blob = words[at + 1]
  if (at < 0 || at > 1 || blob === undefined || !/^[A-Za-z0-9+/]+=*$/.test(blob)) return undefined
  return { options: at === 1 ? words[0]! : '', type: words[at]!, blob, comment: words.slice(at + 2).join(' ') }
}

export interface KeysWish {
  readonly keys: readonly string[]
  readonly state: 'present' | 'absent'
  readonly exclusive: boolean
  readonly key_options?: string | undefined
  readonly comment?: string | undefined
}

/** The file with its keys as wished. Lines that are no keys stay, unless `exclusive`. */
export function editKeys(text: string, wish: KeysWish): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const wanted = new Map(wish.keys.map(line => [readKey(line)!.blob, written(readKey(line)!, wish)]))
  const blobOf = (line: string) => readKey(line)?.blob
  if (wish.state === 'absent')
    return joined(
      text,
      lines.filter(line => !wanted.has(blobOf(line) ?? '')),
    )
  const seen = new Set<string>()
  const kept = lines.flatMap(line => {
    const blob = blobOf(line)
    const mine = blob === undefined ? undefined : wanted.get(blob)
    if (blob === undefined || mine === undefined) return wish.exclusive ? [] : [line]
    if (seen.has(blob)) return []
    seen.add(blob)
    return [same(line, mine, wish) ? line : mine]
  })
  const fresh = [...wanted].flatMap(([blob, line]) => (seen.has(blob) ? [] : [line]))
  return joined(text, [...kept, ...fresh])
}

function joined(before: string, lines: readonly string[]): string {
  const after = lines.length === 0 ? '' : `${lines.join('\n')}\n`
  // A file that only lacks its last newline is left as it is.
  return after === `${before}\n` ? before : after
}

/** Options and comment count only where they are given. */
function same(line: string, wanted: string, { key_options, comment }: KeysWish): boolean {
  const [is, shall] = [readKey(line)!, readKey(wanted)!]
  const options = key_options === undefined && shall.options === '' ? true : is.options === shall.options
  return options && (comment === undefined || is.comment === shall.comment)
}

function written(key: PublicKey, { key_options, comment }: KeysWish): string {
  return [key_options ?? key.options, key.type, key.blob, comment ?? key.comment].filter(part => part !== '').join(' ')
}
