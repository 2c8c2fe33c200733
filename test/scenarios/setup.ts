import { lab } from '../lab/lab.ts'

/** Scenarios boot the hosts they need; what they leave up goes down here. Hosts that were up before stay. */
export async function setup(): Promise<() => Promise<void>> {
  const before = await names()
  // A host that is down must not be looked for elsewhere.
  await lab.guard()
  return async () => {
    const left = (await names()).filter(name => !before.includes(name))
    if (left.length > 0) await lab.down(left)
    await lab.unguard()
  }
}

async function names(): Promise<readonly string[]> {
  const hosts = await lab.hosts().catch(() => [])
  return hosts.map(({ name }) => name)
}
