/**
 * All laws in both layers, long; the table of what was tried comes last. Words are handed on to vitest.
 * `PITOOL_LAWS_SECONDS` and `PITOOL_LAWS_LAB_SECONDS` bound one module here and one suite on booted hosts.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableOf } from './table.ts'
import type { Cell } from './tally.ts'

const began = performance.now()
const folder = mkdtempSync(join(tmpdir(), 'pitool-laws-report-'))
const ran = spawnSync('npx', ['vitest', 'run', '--config', 'test/laws/vitest.config.ts', ...process.argv.slice(2)], {
  cwd: join(import.meta.dirname, '../..'),
  stdio: 'inherit',
  env: { PITOOL_LAWS: 'full', ...process.env, PITOOL_LAWS_REPORT: folder },
})
const kept = (suffix: string) =>
  readdirSync(folder).flatMap(name => (name.endsWith(suffix) ? [readFileSync(join(folder, name), 'utf8')] : []))
const cells = kept('.json').flatMap(text => JSON.parse(text) as Cell[])
const failures = kept('.txt')
rmSync(folder, { recursive: true })
const minutes = Math.round((performance.now() - began) / 60_000)
console.log(['', ...failures, `Laws: ${minutes} min; failures: ${failures.length}`, tableOf(cells)].join('\n\n'))
process.exitCode = ran.status ?? 1
