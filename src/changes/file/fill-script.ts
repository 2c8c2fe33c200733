import { quote } from '../../core/sh.ts'
import { wrongDigest } from '../file-arrival.ts'

/** What is sent. */
export interface Arrival {
  /** SHA-256 in hex. */
  readonly digest: string
  /** Bytes. */
  readonly size: number
}

// The sum that openssl makes takes a fifth of sha256sum's where the processor helps; which one is there, and works, is
// tried on nothing at all.
const nothing = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

// Summed up from memory while it goes to the disk, it costs no time of its own. What memory does not hold is summed up
// while it arrives: read once more from the disk, it would take twice the time.
const atRest = `cat >"$new" || { echo "it could not be written whole" >&2; exit 1; }
sync "$new" 2>/dev/null &
got=$($sum <"$new")
wait $! || :`
const onItsWay = `got=$({ { tee "$new" 4>&-; echo "tee $?" >&4; } | $sum 4>&-; } 4>&1)
case $got in *"tee 0"*) ;; *) echo "it could not be written whole" >&2; exit 1;; esac`

/** Shell text that takes its input into `$new`; ends where that is not all of it. */
export function fillScript({ digest, size }: Arrival): string {
  return `want=${quote(digest)}
case $(openssl dgst -sha256 -r </dev/null 2>/dev/null) in ${nothing}*) sum='openssl dgst -sha256 -r';; *) sum=sha256sum;; esac
free=0
{ while read -r name kb more; do if [ "$name" = MemAvailable: ]; then free=$kb; fi; done </proc/meminfo; } 2>/dev/null || :
if [ "$free" -gt ${Math.ceil(size / 512)} ]; then
${atRest}
else
${onItsWay}
fi
case $got in *"$want"*) ;; *)
${wrongDigest}
esac`
}
