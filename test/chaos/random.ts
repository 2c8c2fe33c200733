/** A source of choices that one number decides: the same seed gives the same story again. */
export interface Random {
  readonly seed: number
  /** 0 ≤ it < 1. */
  next(): number
  /** A whole number, both ends included. */
  whole(from: number, to: number): number
  pick<T>(list: readonly [T, ...T[]]): T
  pick<T>(list: readonly T[]): T
  chance(of: number): boolean
  bytes(length: number): Buffer
  /** Another source, told apart by its name: one more choice here moves nothing there. */
  branch(name: string): Random
}

export function randomFrom(seed: number): Random {
  const next = mulberry(seed)
  const whole = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    seed,
    next,
    whole,
    pick: <T>(list: readonly T[]) => list[whole(0, list.length - 1)] as T,
    chance: of => next() < of,
    bytes: length => {
      const bytes = Buffer.alloc(length)
      for (let i = 0; i < length; i++) bytes[i] = whole(0, 255)
      return bytes
    },
    branch: name => randomFrom([...name].reduce((sum, char) => (Math.imul(sum, 31) + char.charCodeAt(0)) | 0, seed)),
  }
}

/** mulberry32: 32 bits of state, good enough for choices. */
function mulberry(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}
