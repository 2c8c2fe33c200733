export interface Stat {
  readonly mode: string
  readonly owner: string
  readonly group: string
  readonly uid: number
  readonly gid: number
  readonly size: number
  readonly mtime: number
  readonly inode: number
  readonly links: number
}

/** One line: mode (hex, or as `ls` shows it), uid, gid, size, mtime, inode, links, user name, group name. */
export function readStat(line: string | undefined): Stat | undefined {
  const match = /^([0-9a-f]+|[-dlbcps][-rwxsStT]{9}[+.@]?) (\d+) (\d+) (\d+) (-?\d+) (\d+) (\d+) (\S+) (\S+)$/.exec(
    line ?? '',
  )
  if (!match) return undefined
  const [, raw, uid, gid, size, mtime, inode, links, owner, group] = match as unknown as readonly string[]
  return {
    mode: octal(/^[0-9a-f]+$/.test(raw!) ? Number.parseInt(raw!, 16) & 0o7777 : symbolic(raw!)),
    // A name that the host cannot tell is its number, which chown and the module's arguments understand.
    owner: owner === 'UNKNOWN' ? uid! : owner!,
    group: group === 'UNKNOWN' ? gid! : group!,
    uid: Number(uid),
    gid: Number(gid),
    size: Number(size),
    mtime: Number(mtime),
    inode: Number(inode),
    links: Number(links),
  }
}

export function octal(bits: number): string {
  return bits.toString(8).padStart(4, '0')
}

/** `-rwsr-xr-t` as bits. */
function symbolic(text: string): number {
  let bits = 0
  for (let i = 0; i < 9; i++) {
    const char = text[i + 1]!
    if (char !== '-' && char !== 'S' && char !== 'T') bits |= 1 << (8 - i)
    if (/[sS]/.test(char)) bits |= i < 3 ? 0o4000 : 0o2000
    if (/[tT]/.test(char)) bits |= 0o1000
  }
  return bits
}
