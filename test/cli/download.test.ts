import { createHash } from 'node:crypto'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { download } from '../../src/cli/download.ts'
import { Failure } from '../../src/core/diagnostic.ts'
import type { DownloadArg } from '../../src/questions/local-download.ts'

const content = 'a program'
const sum = createHash('sha256').update(content).digest('hex')
const { signal } = new AbortController()
const before = process.env.XDG_CACHE_HOME
let cache = ''
let server: Server
let asked: string[] = []
let base = ''

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'pitool-'))
  process.env.XDG_CACHE_HOME = cache
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    if (request.url === '/program') response.end(content)
    else if (request.url === '/sums') response.end(`${'0'.repeat(64)}  other\n${sum}  program\n`)
    else if (request.url === '/moved') response.writeHead(302, { location: '/program' }).end()
    else response.writeHead(404).end()
  })
  await new Promise<void>(done => server.listen(0, '127.0.0.1', done))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  if (before === undefined) delete process.env.XDG_CACHE_HOME
  else process.env.XDG_CACHE_HOME = before
  await new Promise(done => server.close(done))
  await rm(cache, { recursive: true, force: true })
})

const kept = () => readdir(join(cache, 'pitool', 'downloads'))

async function refused(arg: DownloadArg): Promise<string> {
  const error = await download(arg, signal).catch((error: unknown) => error)
  expect(error).toBeInstanceOf(Failure)
  return (error as Failure).diagnostic.code
}

describe('a download', () => {
  it('is verified, kept, and not fetched again', async () => {
    const arg = { url: `${base}/moved`, sha256: sum }
    const path = join(cache, 'pitool', 'downloads', sum)
    expect(await download(arg, signal)).toEqual({ path, digest: sum, size: content.length })
    expect(await download(arg, signal)).toMatchObject({ path })
    expect(asked).toEqual(['/moved', '/program'])
  })

  it('that was kept but changed is fetched again', async () => {
    const arg = { url: `${base}/program`, sha256: sum }
    const { path } = await download(arg, signal)
    await writeFile(path, 'tampered')
    expect(await download(arg, signal)).toMatchObject({ digest: sum, size: content.length })
  })

  it('takes its sum from a file of sums', async () => {
    const arg = { url: `${base}/program`, sums: { url: `${base}/sums`, name: 'program' } }
    expect(await download(arg, signal)).toMatchObject({ digest: sum })
  })

  it('with another sum leaves nothing behind', async () => {
    expect(await refused({ url: `${base}/program`, sha256: 'f'.repeat(64) })).toBe('k3s-digest')
    expect(await kept()).toEqual([])
  })

  it.each([
    ['/none', undefined],
    ['/program', { url: '/none', name: 'program' }],
    ['/program', { url: '/sums', name: 'absent' }],
  ])('that cannot be had says so: %s', async (url, sums) => {
    const arg = { url: base + url, ...(sums ? { sums: { ...sums, url: base + sums.url } } : {}) }
    expect(await refused(arg)).toBe('k3s-download')
  })
})
