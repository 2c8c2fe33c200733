import type { Stats } from 'node:fs'
import type { LocalFile } from '../questions/local.ts'

const known = new Map<string, { readonly stamp: string; readonly file: LocalFile }>()

/** Bytes. */
const most = 32 * 1024 * 1024
let kept = 0

/** A file is read once for all hosts, as long as it stays as it was found. */
export async function unlessKnown(path: string, found: Stats, read: () => Promise<LocalFile>): Promise<LocalFile> {
  const { ino, dev, size, mode, mtimeMs, ctimeMs } = found
  const stamp = [ino, dev, size, mode, mtimeMs, ctimeMs].join()
  const before = known.get(path)
  if (before?.stamp === stamp) return before.file
  const file = await read()
  // What was written this moment may be written again without its times telling.
  if (Date.now() - ctimeMs > 1000) keep(path, stamp, file)
  return file
}

function keep(path: string, stamp: string, file: LocalFile): void {
  const bytes = (one: LocalFile | undefined) => one?.bytes?.length ?? 0
  kept += bytes(file) - bytes(known.get(path)?.file)
  known.set(path, { stamp, file })
  if (kept <= most) return
  known.clear()
  kept = 0
}
