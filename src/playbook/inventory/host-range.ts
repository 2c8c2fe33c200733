/** `pi[01:10]`, `node-[a:c]`, `r[1:9:2]`: the hosts a name with ranges stands for; undefined where a range is no range. */
export function expandHosts(name: string): readonly string[] | undefined {
  const match = /^(.*?)\[([^\]]*)\](.*)$/.exec(name)
  if (!match) return name.includes('[') || name.includes(']') ? undefined : [name]
  const [, before = '', range = '', after = ''] = match
  const steps = expandRange(range)
  const rest = expandHosts(after)
  if (!steps || !rest) return undefined
  return steps.flatMap(step => rest.map(end => `${before}${step}${end}`))
}

/** More hosts than this in one line are a slip of the finger. */
const most = 10_000

function expandRange(range: string): readonly string[] | undefined {
  const [first = '', last = '', by = '1', ...more] = range.split(':')
  const step = Number(by)
  if (more.length > 0 || !/^\d+$/.test(by) || step < 1) return undefined
  if (/^\d+$/.test(first) && /^\d+$/.test(last)) {
    const width = first.startsWith('0') ? first.length : 0
    return count(Number(first), Number(last), step)?.map(n => String(n).padStart(width, '0'))
  }
  const letters = /^[a-z]$/.test(first) && /^[a-z]$/.test(last) ? true : /^[A-Z]$/.test(first) && /^[A-Z]$/.test(last)
  if (!letters) return undefined
  return count(first.charCodeAt(0), last.charCodeAt(0), step)?.map(code => String.fromCharCode(code))
}

function count(from: number, to: number, step: number): readonly number[] | undefined {
  if (to < from || (to - from) / step >= most) return undefined
  return Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step)
}
