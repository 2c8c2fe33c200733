import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import type { Input } from '../changes/kind.ts'
import { Failure } from '../core/diagnostic.ts'

/** Large parts: each costs a turn of the loop, and the whole is never held. */
const inParts = { highWaterMark: 1024 * 1024 }

/** The file's bytes, the last of them only once all are known to be those that were planned. */
export async function* sending({ file, digest, size }: Input): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256')
  let sent = 0
  let last: Uint8Array | undefined
  for await (const part of createReadStream(file, inParts) as AsyncIterable<Uint8Array>) {
    hash.update(part)
    sent += part.length
    if (last || sent > size) throw changed(file)
    if (sent === size) last = part
    else yield part
  }
  if (sent !== size || hash.digest('hex') !== digest) throw changed(file)
  if (last) yield last
}

function changed(file: string): Failure {
  return new Failure({
    code: 'changed-underneath',
    message: `${file} changed while it was sent`,
    hint: 'run it again when nobody writes to it',
  })
}
