/** All that must hold: style and types, the build, unit tests, and scenarios on real hosts. Ends with one plain line. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { Broken, Outcome } from './outcome.ts'

interface Counted {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'pitool-test-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

// Each lane has a lab with a number of its own.
const lanes = [1, 2].map(lane => ({ PITOOL_LANE: `${lane}/2`, PITOOL_LAB_ID: String(lane - 1) }))
const reasons: string[] = []
const counts = [step('check'), step('build'), await suite('unit', [], {})]
console.log('\n== scenarios')
const scenarios = ['--config', join('test', 'scenarios', 'vitest.config.ts')]
counts.push(...(await Promise.all(lanes.map(env => suite(`scenarios-${env.PITOOL_LAB_ID}`, scenarios, env)))))
if (counts.slice(3).every(({ passed, failed }) => passed + failed === 0))
  counts.push({ passed: 0, failed: 0, skipped: scenarioFiles() })
const sum = (of: (counted: Counted) => number) => counts.reduce((total, counted) => total + of(counted), 0)
const [passed, failed, skipped] = [sum(c => c.passed), sum(c => c.failed), sum(c => c.skipped)]
if (skipped > 0) console.log(`${skipped} skipped`)
if (reasons.length > 0) console.log(['', 'Broken at some time:', ...reasons].join('\n  '))
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/** A step that is no suite counts only when it fails. */
function step(script: string): Counted {
  console.log(`\n== npm run ${script}`)
  return run('npm', ['run', '--silent', script])
    ? { passed: 0, failed: 0, skipped: 0 }
    : { passed: 0, failed: 1, skipped: 0 }
}

/** A file with a failure is tried once more, alone: what passes then is counted, and told. */
async function suite(name: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Counted> {
  if (name === 'unit') console.log('\n== unit')
  const { passed, skipped, broken } = await vitest(name, args, env)
  const again = [...new Set(broken.map(({ file }) => file))]
  if (broken.length === 0 || !broken.every(mayBeChance)) return { passed, skipped, failed: tell(broken) }
  console.log(`\n== once more, alone: ${again.join(' ')}`)
  tell(broken)
  const second = await vitest(`${name}-again`, [...args, '--maxWorkers=1', ...again], env)
  const failed = second.passed === 0 ? broken.length : tell(second.broken)
  const mended = Math.max(0, broken.length - failed)
  console.log(`${mended} passed only at the second try`)
  return { passed: passed + mended, skipped, failed }
}

/** Not what was found by trying at random: a second try would try something else. */
function mayBeChance({ file, why }: Broken): boolean {
  const atRandom = ['chaos.test.ts', 'laws.test.ts', 'leaks.test.ts'].includes(basename(file))
  return file !== '' && !atRandom && !why.includes('Property failed')
}

/** @returns how many. */
function tell(broken: readonly Broken[]): number {
  for (const { file, test, why } of broken) console.log(`broken: ${file} > ${test}\n  ${why.slice(0, 2000)}`)
  reasons.push(...broken.map(({ file, test }) => `${file} > ${test}`))
  return broken.length
}

async function vitest(name: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Outcome> {
  const file = join(folder, `${name}.json`)
  const reporters = ['--reporter=default', `--reporter=${join(root, 'test', 'outcome.ts')}`]
  const child = spawn('npx', ['vitest', 'run', ...args, ...reporters], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env, PITOOL_OUTCOME: file },
  })
  const well = await new Promise<boolean>(resolve => {
    child.once('error', () => resolve(false))
    child.once('close', code => resolve(code === 0))
  })
  const none = { passed: 0, skipped: 0, broken: [] }
  const outcome = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Outcome) : none
  if (well === (outcome.broken.length === 0)) return outcome
  return { ...outcome, broken: [...outcome.broken, { file: '', test: name, why: 'vitest ended badly' }] }
}

function scenarioFiles(): number {
  return readdirSync(join(root, 'test', 'scenarios')).filter(name => name.endsWith('.test.ts')).length
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0
}
