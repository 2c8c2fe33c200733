const deepest = 100

/** Where a text nests blocks or parentheses deeper than anybody writes by hand: what reads it would run out of stack. */
export function tooDeep(text: string): { readonly start: number; readonly end: number } | undefined {
  let blocks = 0
  for (let start = text.indexOf('{{'); start >= 0; ) {
    const end = text.indexOf('}}', start)
    if (end < 0) return undefined
    const whole = text.slice(start, end)
    if (whole.startsWith('{{#') || whole.startsWith('{{^')) blocks++
    if (whole.startsWith('{{/')) blocks--
    if (blocks > deepest || parentheses(whole) > deepest) return { start, end: Math.min(end + 2, start + 80) }
    start = text.indexOf('{{', end)
  }
  return undefined
}

function parentheses(mustache: string): number {
  let depth = 0
  let most = 0
  for (const char of mustache) {
    if (char === '(') most = Math.max(most, ++depth)
    else if (char === ')') depth--
  }
  return most
}
