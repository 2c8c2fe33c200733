import { exits } from '../file-arrival.ts'

/** What is sent. */
export interface Arrival {
  /** SHA-256 in hex. */
  readonly digest: string
  /** Bytes. */
  readonly size: number
}

/**
 * Shell text that takes its input into `$new`; ends where that is not all of it. SSH vouches for the bytes, and the
 * sender keeps the last of them back until all sum up to the digest: so many bytes are the right ones.
 */
export function fillScript({ size }: Arrival): string {
  return `cat >"$new" || { echo "it could not be written whole" >&2; exit 1; }
got=$(stat -L -c %s "$new")
[ "$got" = ${size} ] || { echo "$got of ${size} bytes arrived" >&2; exit ${exits.short}; }`
}
