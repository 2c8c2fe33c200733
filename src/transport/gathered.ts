import type { Wire } from './wire.ts'

/** Makes what is written in one turn leave together: the packets of a large file, else each a system call of its own. */
export function gathered(wire: Wire): Wire {
  const write = wire.write.bind(wire) as (...args: readonly unknown[]) => boolean
  let corked = false
  const flush = () => {
    corked = false
    wire.uncork()
  }
  const gather = (...args: readonly unknown[]): boolean => {
    if (!corked) {
      corked = true
      wire.cork()
      process.nextTick(flush)
    }
    return write(...args)
  }
  return Object.assign(wire, { write: gather })
}
