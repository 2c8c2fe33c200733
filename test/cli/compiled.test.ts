import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundled, pitool, project, unbundle } from './bundled.ts'

const home = mkdtempSync(join(tmpdir(), 'pitool-compiled-'))
const site = '- hosts: all\n  tasks:\n    - debug: { msg: hello }\n'
const { path: cwd, remove } = project({ 'inventory/hosts.yml': 'all: { hosts: { a: } }\n', 'playbooks/site.yml': site })
beforeAll(() => bundled().then(() => undefined), 60_000)
afterAll(() => {
  unbundle()
  remove()
  rmSync(home, { recursive: true, force: true })
})

const look = async (cache: string, args = ['play', '--syntax-check']) => {
  const ran = await pitool(args, { cwd, env: { XDG_CACHE_HOME: cache } })
  expect(ran.stdout + ran.stderr).toBe('1 play, 1 task: no mistakes found\n')
}
const kept = (cache: string) => {
  const folder = join(cache, 'pitool', 'compiled')
  return readdirSync(folder)
    .toSorted()
    .map(name => ({ path: join(folder, name), at: statSync(join(folder, name)).mtimeMs }))
}

describe('what was compiled', () => {
  it('is kept for the next start, for its user alone, and used as it is', async () => {
    const cache = join(home, 'used')
    await look(cache)
    const first = kept(cache)
    expect(first.length).toBeGreaterThan(5)
    for (const { path } of first) expect(statSync(path).mode & 0o777).toBe(0o600)
    await look(cache)
    expect(kept(cache)).toEqual(first)
  })

  it('is removed by another version where nobody has used it for a month', async () => {
    const cache = join(home, 'old')
    const folder = join(cache, 'pitool', 'compiled')
    mkdirSync(folder, { recursive: true })
    const leave = (name: string, days: number) => {
      writeFileSync(join(folder, name), 'x')
      const then = Date.now() / 1000 - days * 86_400
      utimesSync(join(folder, name), then, then)
    }
    leave('start-OLD.cjs.v20', 31)
    leave('start-RECENT.cjs.v20', 29)
    await look(cache)
    const old = () => readdirSync(folder).filter(name => /OLD|RECENT/.test(name))
    expect(old()).toEqual(['start-RECENT.cjs.v20'])
    // Where nothing is new nobody looks.
    leave('start-OLD.cjs.v20', 31)
    await look(cache)
    expect(old()).toHaveLength(2)
  })

  it.each<[string, (path: string) => void]>([
    ['cut', path => writeFileSync(path, readFileSync(path).subarray(0, 5000))],
    ['empty', path => writeFileSync(path, '')],
    ['changed in one bit', path => flip(path)],
    ['writable for others', path => chmodSync(path, 0o622)],
  ])('is made anew where it is %s', async (_, spoil) => {
    const cache = join(home, _)
    await look(cache)
    const first = kept(cache)
    for (const { path } of first) spoil(path)
    await look(cache)
    const second = kept(cache)
    expect(second.map(({ path }) => path)).toEqual(first.map(({ path }) => path))
    for (const [i, { path, at }] of second.entries()) {
      expect(at, path).toBeGreaterThan(first[i]?.at ?? 0)
      expect(statSync(path).mode & 0o777).toBe(0o600)
    }
  })

  it.each([
    ['a file', join(home, 'file')],
    ['no folder', '/dev/null/nothing'],
    ['where folders cannot be made', '/proc/self'],
  ])('is done without where the cache is %s', async (_, cache) => {
    if (cache.endsWith('file')) writeFileSync(cache, '')
    await look(cache)
  })

  it('of no use is left alone by the version', async () => {
    const cache = join(home, 'version')
    mkdirSync(cache)
    await pitool(['--version'], { cwd, env: { XDG_CACHE_HOME: cache } })
    expect(readdirSync(cache)).toEqual([])
  })
})

function flip(path: string): void {
  const bytes = readFileSync(path)
  const middle = bytes.length >> 1
  bytes[middle] = (bytes[middle] ?? 0) ^ 1
  writeFileSync(path, bytes)
}
