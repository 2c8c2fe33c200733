import { createHash } from 'node:crypto'

/** In hex, of what is in memory. */
export function sha256(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
