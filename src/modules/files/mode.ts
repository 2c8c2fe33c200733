const bits: { readonly [letter: string]: number } = { r: 4, w: 2, x: 1 }
const shifts = { u: 6, g: 3, o: 0 } as const
type Who = keyof typeof shifts

/**
 * The mode that is meant, as four octal digits: '644', or symbolic changes of the mode it has now (undefined: of what
 * a new file has). Without `ugoa` all three are meant.
 */
export function resolveMode(wish: string, now: string | undefined, isFolder: boolean): string {
  if (/^[0-7]{3,4}$/.test(wish)) return wish.padStart(4, '0')
  const start = Number.parseInt(now ?? (isFolder ? '0755' : '0644'), 8)
  const mode = wish.split(',').reduce((mode, clause) => apply(mode, clause, isFolder), start)
  return mode.toString(8).padStart(4, '0')
}

function apply(mode: number, clause: string, isFolder: boolean): number {
  const match = /^([ugoa]*)([-+=])([rwxXstugo]*)$/.exec(clause)
  if (!match) throw new RangeError(`not a mode: ${clause}`)
  const [, whom = '', action, letters = ''] = match
  const who = (whom === '' || whom.includes('a') ? ['u', 'g', 'o'] : [...whom]) as readonly Who[]
  const mask = who.reduce((all, one) => all | (7 << shifts[one]), 0)
  const wanted = who.reduce((all, one) => all | (permissions(mode, letters, isFolder) << shifts[one]), 0)
  const special = specialBits(letters, who)
  if (action === '+') return mode | wanted | special
  if (action === '-') return mode & ~(wanted | special)
  // `=` leaves the set-id bits of a folder, as chmod does.
  const cleared = isFolder ? 0 : (who.includes('u') ? 0o4000 : 0) | (who.includes('g') ? 0o2000 : 0)
  return (mode & ~(mask | cleared)) | wanted | special
}

function permissions(mode: number, letters: string, isFolder: boolean): number {
  let all = 0
  for (const letter of letters) {
    if (letter in bits) all |= bits[letter]!
    else if (letter === 'X' && (isFolder || (mode & 0o111) !== 0)) all |= 1
    else if (letter in shifts) all |= (mode >> shifts[letter as Who]) & 7
  }
  return all
}

function specialBits(letters: string, who: readonly Who[]): number {
  const setId = letters.includes('s') ? (who.includes('u') ? 0o4000 : 0) | (who.includes('g') ? 0o2000 : 0) : 0
  return setId | (letters.includes('t') ? 0o1000 : 0)
}
