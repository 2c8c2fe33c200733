import type { Section } from '../../../src/core/section.ts'
import type { Random } from '../random.ts'

/** What breaks parsers: ends, halves and doubles of what they look for. */
const bits = [
  '\n',
  '\0',
  ' ',
  ':',
  '=',
  '@\n',
  '{',
  '[]',
  '"',
  '\\',
  '-1',
  '0',
  '99999999999999999999',
  'NaN',
  '__proto__',
  'null',
  '\r\n',
  '\u{1f980}',
].map(text => Buffer.from(text))

/** Bytes of no sense at all. */
export function noise(random: Random, longest = 200): Buffer {
  const parts = Array.from({ length: random.whole(0, 6) }, () =>
    random.chance(0.5) ? random.bytes(random.whole(0, longest / 6)) : random.pick(bits),
  )
  return Buffer.concat(parts)
}

/** Bytes that were sensible once: cut, flipped, doubled, mixed. */
export function damage(random: Random, bytes: Uint8Array): Buffer {
  let now: Buffer = Buffer.from(bytes)
  for (let i = random.whole(1, 4); i > 0; i--) now = damageOnce(random, now)
  return now
}

function damageOnce(random: Random, bytes: Buffer): Buffer {
  const at = random.whole(0, bytes.length)
  const to = Math.min(bytes.length, at + random.whole(0, 40))
  const [head, middle, tail] = [bytes.subarray(0, at), bytes.subarray(at, to), bytes.subarray(to)]
  switch (random.whole(0, 8)) {
    case 0:
      return head
    case 1:
      return tail
    case 2:
      return Buffer.concat([head, tail])
    case 3:
      return Buffer.concat([head, middle, middle, tail])
    case 4:
      return Buffer.concat([head, noise(random), tail])
    case 5:
      return Buffer.concat([head, random.pick(bits), middle, tail])
    case 6:
      return linesMixed(random, bytes)
    case 7:
      return Buffer.concat([tail, middle, head])
    default: {
      const flipped = Buffer.from(bytes)
      if (at < flipped.length) flipped[at] = flipped[at]! ^ (1 << random.whole(0, 7))
      return flipped
    }
  }
}

/** A line is gone, twice there, or stands in another's place: parsers count lines. */
function linesMixed(random: Random, bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split('\n')
  const [from, to] = [random.whole(0, lines.length - 1), random.whole(0, lines.length - 1)]
  const line = lines[from]!
  if (random.chance(0.7)) lines.splice(from, 1)
  if (random.chance(0.7)) lines.splice(to, 0, line)
  return Buffer.from(lines.join('\n'), 'latin1')
}

/** An answer that went wrong on its way, or never was one. */
export function brokenSection(random: Random, real: Section): Section {
  const sense = random.chance(0.8)
  return {
    stdout: sense ? damage(random, real.stdout) : noise(random),
    stderr: random.chance(0.7) ? real.stderr : noise(random),
    code: random.chance(0.7) ? real.code : random.whole(0, 255),
    truncated: random.chance(0.1),
  }
}
