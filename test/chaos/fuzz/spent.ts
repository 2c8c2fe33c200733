/** Milliseconds of the processor so far: a busy machine may let any try wait for seconds. */
export function spentMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
