/**
 * The candidate a person most likely meant: the nearest by edits (a swap of neighbours counts as one), upper and lower
 * case alike. undefined where nothing is near: a wrong guess is worse than none.
 */
export function didYouMean(word: string, candidates: Iterable<string>): string | undefined {
  const asked = word.toLowerCase()
  let best: string | undefined
  // Two letters resemble any other two.
  let least = asked.length < 3 ? 1 : Math.max(1, Math.floor(asked.length / 3)) + 1
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) >= least) continue
    const edits = distance(asked, candidate.toLowerCase())
    if (edits >= least) continue
    best = candidate
    least = edits
  }
  return best
}

function distance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      const edits = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + cost)
      next.push(swapped ? Math.min(edits, before[j - 2]! + 1) : edits)
    }
    before = row
    row = next
  }
  return row[b.length]!
}
