/** The process of one target: tells how far it is, what memory it holds, and how it ended, a JSON line each. */
import { writeSync } from 'node:fs'
import { fuzz } from './fuzz.ts'
import { targets } from './targets.ts'

export type Word =
  | { readonly type: 'at'; readonly tries: number }
  | { readonly type: 'end'; readonly ms: number; readonly early: number; readonly late: number }
  | { readonly type: 'failed'; readonly why: string }

// At once, whatever the loop is doing.
const say = (word: Word) => writeSync(1, `${JSON.stringify(word)}\n`)

const [name, seed, count] = process.argv.slice(2)
const tries = Number(count)
const target = targets.find(target => target.name === name)
if (!target) throw new Error(`no target '${name}'`)

/** Bytes that are held. What the collector leaves at its first round, it finds at the third. */
function held(): number {
  for (let round = 0; round < 3; round++) globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

// Refusals are what is tried here, and most of what one costs is its stack.
if (tries > 1000) Error.stackTraceLimit = 4

const began = performance.now()
let told = began
let early = 0
try {
  fuzz(target, {
    seed: Number(seed),
    tries,
    done: at => {
      // What is compiled and kept for good has come by then.
      if (early === 0 && at >= tries / 10) early = held()
      if (performance.now() - told < 200) return
      told = performance.now()
      say({ type: 'at', tries: at })
    },
  })
  say({ type: 'end', ms: performance.now() - began, early, late: held() })
} catch (error) {
  say({ type: 'failed', why: (error as Error).message })
}
