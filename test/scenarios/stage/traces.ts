import { addressSettled } from '../../lab/addressed.ts'
import { lab, snapshotDiff } from '../../lab/lab.ts'

/** Law L1: what some work leaves on these hosts, a line each. */
export async function tracesOf(hosts: readonly string[], work: () => Promise<void>): Promise<readonly string[]> {
  const look = () => Promise.all(hosts.map(host => lab.snapshot(host)))
  for (const host of hosts) await lab.exec(host, addressSettled)
  const before = await look()
  await work()
  const after = await look()
  // NetworkManager's dispatcher goes by itself, some time after a boot.
  return hosts.flatMap((_, i) => snapshotDiff(before[i]!, after[i]!)).filter(line => !/nm-dispatcher/.test(line))
}
