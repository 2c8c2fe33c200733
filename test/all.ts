/** All that must hold: style and types, the build, unit tests, and scenarios on real hosts. Ends with one plain line. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

interface Counted {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

/** What vitest's JSON reporter writes, as far as it is read here. */
interface Results {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numFailedTestSuites: number
  readonly success: boolean
}

const root = join(import.meta.dirname, '..')
const folder = mkdtempSync(join(tmpdir(), 'pitool-test-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

// Each lane has a lab with a number of its own.
const lanes = [1, 2].map(lane => ({ PITOOL_LANE: `${lane}/2`, PITOOL_LAB_ID: String(lane - 1) }))
const counts = [step('check'), step('build'), await suite('unit', [], {})]
console.log('\n== scenarios')
const scenarios = ['--config', join('test', 'scenarios', 'vitest.config.ts')]
counts.push(...(await Promise.all(lanes.map(env => suite(`scenarios-${env.PITOOL_LAB_ID}`, scenarios, env)))))
if (counts.slice(3).every(({ passed, failed }) => passed + failed === 0))
  counts.push({ passed: 0, failed: 0, skipped: scenarioFiles() })
const sum = (of: (counted: Counted) => number) => counts.reduce((total, counted) => total + of(counted), 0)
const [passed, failed, skipped] = [sum(c => c.passed), sum(c => c.failed), sum(c => c.skipped)]
if (skipped > 0) console.log(`${skipped} skipped`)
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0

/** A step that is no suite counts only when it fails. */
function step(script: string): Counted {
  console.log(`\n== npm run ${script}`)
  return run('npm', ['run', '--silent', script])
    ? { passed: 0, failed: 0, skipped: 0 }
    : { passed: 0, failed: 1, skipped: 0 }
}

async function suite(name: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Counted> {
  if (name === 'unit') console.log('\n== unit')
  const file = join(folder, `${name}.json`)
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const child = spawn('npx', ['vitest', 'run', ...args, ...reporters], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, ...env },
  })
  const well = await new Promise<boolean>(resolve => {
    child.once('error', () => resolve(false))
    child.once('close', code => resolve(code === 0))
  })
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 }
  const found = JSON.parse(readFileSync(file, 'utf8')) as Results
  // A file that cannot even be loaded has no tests to fail.
  const failed = Math.max(found.numFailedTests, well ? 0 : 1)
  return { passed: found.numPassedTests, failed, skipped: found.numPendingTests }
}

function scenarioFiles(): number {
  return readdirSync(join(root, 'test', 'scenarios')).filter(name => name.endsWith('.test.ts')).length
}

function run(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { cwd: root, stdio: 'inherit' }).status === 0
}
