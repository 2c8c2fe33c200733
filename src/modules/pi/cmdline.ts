/** What is wanted of the kernel's command line: whole tokens. */
export interface CmdlineWish {
  readonly present: readonly string[]
  readonly absent: readonly string[]
}

export type CmdlineEdit =
  | { readonly text: string; readonly line: string }
  | { readonly refused: 'not-kernel' | 'many-lines'; readonly why: string }

interface Token {
  readonly text: string
  readonly start: number
  readonly end: number
}

const memoryWanted = 'cgroup_enable=memory'

/**
 * The text of a cmdline.txt with tokens added and removed, everything else byte for byte as it was.
 * The firmware reads the first line only, so a text with more than that is refused rather than guessed at.
 */
export function editCmdline(text: string, wish: CmdlineWish): CmdlineEdit {
  const end = firstLineEnd(text)
  const line = text.slice(0, end)
  const rest = text.slice(end)
  if (!text.split('\n').some(isKernelLine)) return { refused: 'not-kernel', why: whyNotKernel(text) }
  if (rest.trim() !== '' || !isKernelLine(line)) {
    return {
      refused: 'many-lines',
      why: `it has more than one line (${contentLines(text)} with words), and the firmware reads only the first`,
    }
  }
  const edited = addTokens(removeTokens(line, wish), wish.present)
  return { text: edited + rest, line: edited.trim() }
}

function isKernelLine(line: string): boolean {
  return tokensOf(line).some(token => token.text.startsWith('root='))
}

/** The words of a kernel command line; double quotes keep spaces together, as in the kernel. */
export function cmdlineWords(line: string): readonly string[] {
  return tokensOf(line).map(token => token.text)
}

function tokensOf(line: string): readonly Token[] {
  return [...line.matchAll(/(?:"[^"]*"?|[^\s"])+/g)].map(match => ({
    text: match[0],
    start: match.index,
    end: match.index + match[0].length,
  }))
}

function removeTokens(line: string, wish: CmdlineWish): string {
  let result = line
  for (const token of [...tokensOf(line)].reverse()) {
    const kept = keptOf(token.text, wish)
    if (kept === token.text) continue
    result = kept === '' ? cut(result, token) : result.slice(0, token.start) + kept + result.slice(token.end)
  }
  return result
}

/** What stays of a token: itself, a part (`cgroup_disable=memory,pids` without the memory), or nothing. */
function keptOf(token: string, wish: CmdlineWish): string {
  if (wish.present.includes(token)) return token
  if (wish.absent.includes(token)) return ''
  if (!wish.present.includes(memoryWanted) || !token.startsWith('cgroup_disable=')) return token
  const disabled = token.slice('cgroup_disable='.length).split(',')
  const others = disabled.filter(name => name !== 'memory')
  if (others.length === disabled.length) return token
  return others.length === 0 ? '' : `cgroup_disable=${others.join(',')}`
}

function cut(line: string, token: Token): string {
  const before = line.slice(0, token.start)
  const after = line.slice(token.end)
  return before.trim() === '' ? before + after.trimStart() : before.trimEnd() + after
}

function addTokens(line: string, present: readonly string[]): string {
  const there = new Set(cmdlineWords(line))
  const missing = [...new Set(present)].filter(token => !there.has(token))
  return missing.length === 0 ? line : [line.trimEnd(), ...missing].join(' ')
}

function firstLineEnd(text: string): number {
  const at = text.search(/\r?\n/)
  return at < 0 ? text.length : at
}

function contentLines(text: string): number {
  return text.split('\n').filter(line => line.trim() !== '').length
}

function whyNotKernel(text: string): string {
  if (/DO NOT EDIT|has moved to/i.test(text)) return 'it is a note that the real file has moved, not a command line'
  return text.trim() === '' ? 'it is empty' : 'it has no root= in it'
}
