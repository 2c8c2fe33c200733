/** `serial`: batches by number or percentage of all hosts, the last size repeated; no serial: all at once. */
export function batchesOf<Host>(
  hosts: readonly Host[],
  serial: readonly (number | `${number}%`)[],
): readonly (readonly Host[])[] {
  if (hosts.length === 0) return []
  if (serial.length === 0) return [hosts]
  const batches: Host[][] = []
  for (let at = 0, round = 0; at < hosts.length; round++) {
    const size = sizeOf(serial[Math.min(round, serial.length - 1)]!, hosts.length)
    batches.push(hosts.slice(at, at + size))
    at += size
  }
  return batches
}

function sizeOf(serial: number | `${number}%`, all: number): number {
  const size = typeof serial === 'number' ? serial : Math.floor((Number.parseFloat(serial) / 100) * all)
  return Math.max(1, size)
}
