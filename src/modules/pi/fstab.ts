/** Puts the swap lines of an fstab out of force, by a comment, everything else byte for byte as it was. */
export function withoutSwap(text: string): string {
  return text
    .split('\n')
    .map(line => (isSwap(line) ? `# swap is off: ${line}` : line))
    .join('\n')
}

/** What the swap lines name: `/swapfile`, `UUID=…`. */
export function swapNames(text: string): readonly string[] {
  const lines = text.split('\n').filter(isSwap)
  return lines.map(line => line.trim().split(/\s+/)[0]!)
}

function isSwap(line: string): boolean {
  const [what = '', , type] = line.trim().split(/\s+/)
  return type === 'swap' && !what.startsWith('#')
}
