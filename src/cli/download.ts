import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Failure } from '../core/diagnostic.ts'
import type { DownloadAnswer, DownloadArg } from '../questions/local-download.ts'
import { fileDigest } from './file-digest.ts'

const patience = 15 * 60_000
const longestSums = 1024 * 1024

/** Fetches a file once and keeps it under its digest; what is kept is verified again before it is used. Throws a Failure. */
export async function download(arg: DownloadArg, signal: AbortSignal): Promise<DownloadAnswer> {
  const wanted = arg.sha256 ?? (arg.sums ? await sumFrom(arg.sums, signal) : undefined)
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'pitool', 'downloads')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  if (wanted !== undefined) {
    const kept = await answerOf(join(folder, wanted)).catch(() => undefined)
    if (kept?.digest === wanted) return kept
  }
  const unfinished = join(folder, `.${process.pid}-${performance.now()}`)
  try {
    const response = await get(arg.url, signal)
    await pipeline(Readable.fromWeb(response.body as never), createWriteStream(unfinished, { mode: 0o600 }), { signal })
    const got = await answerOf(unfinished)
    if (wanted !== undefined && got.digest !== wanted) throw differs(arg.url, wanted, got.digest)
    const path = join(folder, got.digest)
    await rename(unfinished, path)
    return { ...got, path }
  } catch (error) {
    throw error instanceof Failure ? error : failed(arg.url, error)
  } finally {
    await rm(unfinished, { force: true })
  }
}

async function sumFrom({ url, name }: NonNullable<DownloadArg['sums']>, signal: AbortSignal): Promise<string> {
  const text = (await (await get(url, signal)).text()).slice(0, longestSums)
  const found = text
    .split('\n')
    .find(line => line.trimEnd().endsWith(` ${name}`) || line.trimEnd().endsWith(`*${name}`))
  const sum = /^[0-9a-f]{64}\b/.exec(found ?? '')?.[0]
  if (sum !== undefined) return sum
  const message = `${url} has no SHA-256 sum of ${name}`
  throw new Failure({ code: 'k3s-download', message, hint: 'give the sum yourself: sha256' })
}

async function get(url: string, signal: AbortSignal): Promise<Response> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  const response = await fetch(url, { signal: bounded }).catch((error: unknown) => {
    throw failed(url, error)
  })
  if (response.ok && response.body) return response
  const message = `${url} answers ${response.status} ${response.statusText}`
  throw new Failure({
    code: 'k3s-download',
    message,
    hint: 'is there such a version? Look at the address in a browser',
  })
}

/** SHA-256 in hex, and the size. */
async function answerOf(path: string): Promise<DownloadAnswer> {
  return { path, digest: await fileDigest(path), size: (await stat(path)).size }
}

function differs(url: string, wanted: string, got: string): Failure {
  const message = `${url} is not what was asked for: its SHA-256 is ${got}, not ${wanted}`
  return new Failure({ code: 'k3s-digest', message, hint: 'correct sha256, or find out who changed the file' })
}

function failed(url: string, error: unknown): Failure {
  const cause = error instanceof Error ? String(error.cause ?? error.message) : String(error)
  const hint = 'is this machine online? Without a network give the file: k3s_binary_src'
  return new Failure({ code: 'k3s-download', message: `${url} could not be fetched`, cause, hint })
}
