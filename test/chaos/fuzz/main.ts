/** `npm run fuzz -- [--tries N] [--seed S] [--only WORDS] [--exactly N] [--lanes N]`: feeds all that reads with what makes no sense. */
import { parseArgs } from 'node:util'
import { type Target, triesOf } from './fuzz.ts'
import { buildWorker, dropWorker, run } from './run.ts'
import { targets } from './targets.ts'

const { values } = parseArgs({
  options: {
    /** Of each format that is read: its targets share them. */
    tries: { type: 'string', default: '100000' },
    /** Of each target, whatever its share: to repeat one. */
    exactly: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    /** So many targets at a time. */
    lanes: { type: 'string', default: '1' },
    /** Those whose names begin so. */
    only: { type: 'string', default: '' },
  },
})

const chosen = targets.filter(({ name }) => name.startsWith(values.only))
if (chosen.length === 0)
  throw new Error(`none is called '${values.only}':\n${targets.map(({ name }) => name).join('\n')}`)
const seed = Number(values.seed)
buildWorker()
console.log(`seed ${seed}`)
let [failures, all] = [0, 0]
async function tried(target: Target): Promise<void> {
  const tries = values.exactly === undefined ? triesOf(target, Number(values.tries)) : Number(values.exactly)
  const { ms, grown, failure } = await run(target.name, seed, tries)
  const told = `${tries} tries in ${(ms / 1000).toFixed(1)} s, ${(grown / 1024).toFixed(0)} KiB more held than after a tenth`
  console.log(failure === undefined ? `ok      ${target.name}: ${told}` : `FAILED  ${target.name}:\n${failure}`)
  if (failure === undefined) all += tries
  else failures += 1
}
const queue = chosen.values()
const lane = async () => {
  for (const target of queue) await tried(target)
}
await Promise.all(Array.from({ length: Number(values.lanes) }, lane))
dropWorker()
console.log(`${all} tries of ${chosen.length} targets, ${failures} failed`)
process.exitCode = failures > 0 ? 1 : 0
