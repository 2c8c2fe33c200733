import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

/** SHA-256 in hex of what is in a file, in one pass. Parts are large, since each costs a turn of the loop. */
export async function fileDigest(path: string): Promise<string> {
  const hash = createHash('sha256')
  const parts = createReadStream(path, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Uint8Array>
  for await (const part of parts) hash.update(part)
  return hash.digest('hex')
}
