import type { Project } from './model.ts'

/** The i-th of n parts of the inventory, counted from 1. */
export interface Shard {
  readonly index: number
  readonly of: number
}

/** `3/8`; undefined where that is not what the text says. */
export function readShard(text: string): Shard | undefined {
  const [, index, of] = /^([1-9]\d{0,4})\/([1-9]\d{0,4})$/.exec(text)?.map(Number) ?? []
  return index === undefined || of === undefined || index > of ? undefined : { index, of }
}

/**
 * The project with the hosts of one shard only. Hosts are dealt out like cards in the order of the inventory, whatever
 * `--limit` says, so that a host always falls to the same shard. What stands beside the inventory (localhost) belongs to
 * the first. Variables of all hosts stay known.
 */
export function inShard(project: Project, { index, of }: Shard): Project {
  const dealt = new Map([...project.inventory.hosts.keys()].map((name, i) => [name, i % of] as const))
  const isMine = (name: string) => (dealt.get(name) ?? 0) === index - 1
  return { ...project, plays: project.plays.map(play => ({ ...play, hosts: play.hosts.filter(isMine) })) }
}
