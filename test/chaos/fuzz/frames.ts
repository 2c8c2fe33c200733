import assert from 'node:assert/strict'
import { FrameReader } from '../../../src/transport/frame-reader.ts'
import type { Random } from '../random.ts'
import { plain, type Target } from './fuzz.ts'
import { damage, noise } from './garbage.ts'

// Always the same, so that a seed tells the same story again.
const word = '0123456789abcdef'.repeat(2)
const mark = { halves: [word.slice(0, 16), word.slice(16)], bytes: Buffer.from(`${word}:`) } as const
const limit = 1000

interface Said {
  readonly bytes: Buffer
  readonly code: number
}

const ending = Buffer.from(`${word}:end\n`)

const streamOf = (said: readonly Said[]) =>
  Buffer.concat([...said.flatMap(({ bytes, code }) => [bytes, Buffer.from(`${word}:${code}\n`)]), ending])

/** Both streams in random pieces, mixed at random. True when the reader said that the frame is whole. */
function feed(
  random: Random,
  reader: FrameReader,
  streams: { readonly stdout: Buffer; readonly stderr: Buffer },
): boolean {
  const at = { stdout: 0, stderr: 0 }
  let whole = false
  while (at.stdout < streams.stdout.length || at.stderr < streams.stderr.length) {
    const from =
      at.stdout >= streams.stdout.length
        ? 'stderr'
        : at.stderr >= streams.stderr.length
          ? 'stdout'
          : random.pick(['stdout', 'stderr'] as const)
    const length = random.chance(0.3) ? 1 : random.whole(1, 60)
    whole = reader.push(from, streams[from].subarray(at[from], at[from] + length)) || whole
    at[from] += length
  }
  return whole
}

/** Nothing that holds the whole mark. */
function output(random: Random): Buffer {
  const bytes = random.chance(0.2) ? Buffer.from(word.slice(0, random.whole(1, 32))) : noise(random)
  return bytes.includes(mark.bytes) ? Buffer.alloc(0) : bytes
}

function readsWhatWasSaid(random: Random): void {
  const said = Array.from({ length: random.whole(1, 5) }, () => ({
    out: output(random),
    err: output(random),
    code: random.whole(0, 255),
  }))
  const reader = new FrameReader(mark, limit)
  const stdout = streamOf(said.map(({ out, code }) => ({ bytes: out, code })))
  const stderr = streamOf(said.map(({ err, code }) => ({ bytes: err, code })))
  assert(feed(random, reader, { stdout, stderr }), 'it never saw the end')
  const read = reader.sections()
  assert.equal(read.length, said.length)
  for (const [i, { out, err, code }] of said.entries()) {
    const { stdout, stderr, code: told } = read[i]!
    assert(out.equals(stdout) && err.equals(stderr) && code === told, `section ${i} is not what was said`)
  }
}

/** Whole marks make an answer; all else throws RangeError or is waited for. */
function takesNoDamageForAnAnswer(random: Random): void {
  const said = Array.from({ length: random.whole(1, 3) }, () => ({ bytes: output(random), code: random.whole(0, 255) }))
  const stream = streamOf(said)
  const harmed = random.chance(0.5)
  const reader = new FrameReader(mark, limit)
  const streams = { stdout: damage(random, stream), stderr: harmed ? damage(random, stream) : stream }
  const sections = tried(() => (feed(random, reader, streams) ? reader.sections() : undefined))
  for (const { stdout, code } of sections ?? []) {
    assert(stdout.length <= limit)
    assert(!Buffer.from(stdout).includes(mark.bytes), 'a mark in an answer')
    assert(code >= 0 && code <= 999)
  }
  assert(reader.unfinished.length <= 4001)
}

function waitsThroughNoise(random: Random): void {
  const reader = new FrameReader(mark, limit)
  assert(!feed(random, reader, { stdout: noise(random, 5000), stderr: noise(random, 5000) }), 'noise was whole')
}

function tried<Result>(read: () => Result): Result | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

export const frameTargets: readonly Target[] = [
  plain('frame: what was said, in any pieces', 1 / 3, readsWhatWasSaid),
  plain('frame: damaged', 1 / 3, takesNoDamageForAnAnswer),
  plain('frame: noise', 1 / 3, waitsThroughNoise),
]
