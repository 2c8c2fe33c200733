import fc, { type Arbitrary } from 'fast-check'
import { printBytes, quote } from '../../../src/core/sh.ts'
import { text } from './texts.ts'

/** What may be at a name in the trial's folder. */
export type Found =
  | { readonly kind: 'file'; readonly text: string; readonly mode: string; readonly owner?: string }
  | { readonly kind: 'directory'; readonly mode: string; readonly owner?: string }
  | { readonly kind: 'link'; readonly target: string }
  | { readonly kind: 'hard'; readonly target: string }
  | { readonly kind: 'fifo' }

export interface FoundEntry {
  readonly name: string
  readonly found: Found
}

export const isRoot = process.getuid?.() === 0

/** Names with all that shells and parsers trip over; some lie in folders that others may be. */
export const names = ['a', 'b c', "it's", '-x', 'ü$(x)', 'd', 'd/a', 'd/e', 'd/e/a', 'l/a', 'new\nline'] as const

export const name = fc.constantFrom(...names)
export const path = name.map(one => `/law/${one}`)

export const mode = fc.constantFrom('0644', '0600', '0755', '0640', '0400', '0666')
const folderMode = fc.constantFrom('0755', '0700', '0750', '1777', '2755')

/** Accounts that every Linux has; only root may give files away. */
export const owner = isRoot ? fc.constantFrom('root', 'daemon', 'nobody', '12345') : fc.constantFrom<string>()
export const group = isRoot ? fc.constantFrom('root', 'daemon', 'adm', '54321') : fc.constantFrom<string>()
const giving: Arbitrary<{ owner?: string }> = isRoot
  ? fc.record({ owner: fc.constantFrom('0:0', '1:1', '12345:54321') }, { requiredKeys: [] })
  : fc.constant({})

const target = fc.constantFrom('a', 'd', 'd/e', '/law/b c', '/law/d/a', 'nowhere', '../law/a', 'l')

export const foundFile: Arbitrary<Found> = fc
  .tuple(text, mode, giving)
  .map(([text, mode, own]) => ({ kind: 'file', text, mode, ...own }) as const)

export const found: Arbitrary<Found> = fc.oneof(
  { weight: 6, arbitrary: foundFile },
  {
    weight: 3,
    arbitrary: fc.tuple(folderMode, giving).map(([mode, own]) => ({ kind: 'directory', mode, ...own }) as const),
  },
  { weight: 2, arbitrary: target.map(target => ({ kind: 'link', target }) as const) },
  { weight: 1, arbitrary: target.map(target => ({ kind: 'hard', target }) as const) },
)

export const entries: Arbitrary<readonly FoundEntry[]> = fc
  .uniqueArray(fc.record({ name, found }), { maxLength: 6, selector: entry => entry.name })
  .map(list => [...list].sort((a, b) => a.name.length - b.name.length))

/** Entries of which one is at the name that matters. */
export function entriesWith(at: string, what: Arbitrary<Found | undefined>): Arbitrary<readonly FoundEntry[]> {
  return fc.tuple(entries, what).map(([list, found]) => {
    const others = list.filter(entry => entry.name !== at)
    return found === undefined ? others : [...others, { name: at, found }]
  })
}

/** Makes what can be made: an entry whose name is taken, or whose folder is none, is left out. */
export function foundScript(list: readonly FoundEntry[]): string {
  return list.map(entry => `( ${entryScript(entry)} ) 2>/dev/null || :`).join('\n')
}

function entryScript({ name, found }: FoundEntry): string {
  const path = quote(`/law/${name}`)
  const folder = quote(`/law/${name}`.replace(/\/[^/]*$/, ''))
  const make = `set -e; mkdir -p ${folder}; [ ! -e ${path} ] && [ ! -L ${path} ]`
  return [make, ...makeScript(path, found)].join('; ')
}

function makeScript(path: string, found: Found): readonly string[] {
  if (found.kind === 'link') return [`ln -s ${quote(found.target)} ${path}`]
  if (found.kind === 'hard') return [`ln ${quote(found.target)} ${path}`]
  if (found.kind === 'fifo') return [`mkfifo ${path}`]
  const making = found.kind === 'file' ? `${printBytes(found.text)} >${path}` : `mkdir ${path}`
  // Giving away takes set-id bits: the mode comes last.
  const given = found.owner === undefined ? [] : [`chown ${found.owner} ${path}`]
  return [making, ...given, `chmod ${found.mode} ${path}`]
}
