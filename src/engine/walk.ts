import type { Block, Include, Item, Meta } from '../playbook/model.ts'
import type { BatchContext } from './context.ts'
import { allHold } from './decide.ts'
import { flushHandlers } from './handlers.ts'
import type { HostState } from './host.ts'
import { include, type Part } from './include.ts'
import { hasJoined } from './joined.ts'
import { runTask } from './run-task.ts'
import type { Rest } from './upcoming.ts'
import { scopeFor } from './variables.ts'

/** The items in their order, each on all hosts that are still in before the next begins: Ansible's linear strategy. */
export async function walk(
  batch: BatchContext,
  items: readonly Item[],
  hosts: readonly HostState[],
  after?: Rest,
): Promise<void> {
  for (const [index, item] of items.entries()) {
    const isStopped = batch.stopped.reason !== undefined || batch.deps.signal.aborted
    // What a stopped host has done ahead of its turn is told still.
    const alive = hosts.filter(host => host.alive && (!isStopped || hasJoined(host, item)))
    if (alive.length === 0) {
      if (hosts.some(host => host.alive && host.joined.length > 0)) continue
      return
    }
    await walkItem(batch, item, alive, { items, from: index + 1, after })
    stopWhereTooManyFailed(batch, item)
  }
}

function walkItem(batch: BatchContext, item: Item, hosts: readonly HostState[], rest: Rest): Promise<void> {
  if (item.kind === 'task') return runTask(batch, item, hosts, rest)
  if (item.kind === 'block') return walkBlock(batch, item, hosts, rest)
  if (item.kind === 'include') return walkInclude(batch, item, hosts, rest)
  return walkMeta(batch, item, hosts)
}

/** Hosts that fail in the block go through rescue; all that were in it go through always, whatever happened. */
async function walkBlock(batch: BatchContext, block: Block, hosts: readonly HostState[], rest: Rest): Promise<void> {
  await walk(batch, block.block, hosts, { items: block.always, from: 0, after: rest })
  // What a signal cut short is no failure to be rescued from.
  if (batch.deps.signal.aborted) {
    const telling = hosts.filter(host => host.joined.length > 0)
    return walk(batch, block.always, telling, rest)
  }
  const failed = hosts.filter(host => host.failed && !host.unreachable)
  if (block.rescue.length > 0 && failed.length > 0) {
    for (const host of failed) {
      host.failed = false
      host.counts.failed--
      host.counts.rescued++
    }
    await walk(batch, block.rescue, failed)
  }
  if (block.always.length === 0) return
  const still = hosts.filter(host => host.failed)
  for (const host of still) host.failed = false
  // A host that has failed comes to nothing of what is behind it.
  await walk(batch, block.always, hosts, still.length > 0 ? undefined : rest)
  for (const host of still) host.failed = true
}

/** Hosts for which the name renders alike go through together. */
async function walkInclude(batch: BatchContext, item: Include, hosts: readonly HostState[], rest: Rest): Promise<void> {
  const parts = await include(batch, item, hosts)
  for (const [index, part] of parts.entries()) {
    await walk(batch, part.items, part.hosts, behind(part, parts.slice(index + 1), rest))
  }
}

/** What the hosts of one part come to next: the other items of the include's loop, then what follows the include. */
function behind({ hosts }: Part, others: readonly Part[], rest: Rest): Rest {
  const theirs = others.filter(other => other.hosts.some(host => hosts.includes(host)))
  return theirs.reduceRight<Rest>((after, { items }) => ({ items, from: 0, after }), rest)
}

async function walkMeta(batch: BatchContext, meta: Meta, hosts: readonly HostState[]): Promise<void> {
  const meant = hosts.filter(host => allHold(meta.keywords.when, scopeFor(batch, host, meta)) === true)
  if (meant.length === 0) return
  if (meta.action === 'flush_handlers') await flushHandlers(batch, meant)
  else if (meta.action === 'end_host') for (const host of meant) host.ended = true
  else if (meta.action === 'end_play') batch.stopped.reason = 'meta: end_play'
  else if (meta.action === 'clear_host_errors') for (const host of batch.batch) clear(host)
}

function clear(host: HostState): void {
  host.failed = false
  host.unreachable = false
}

/** `any_errors_fatal` and `max_fail_percentage`: the others of the batch stop too. */
function stopWhereTooManyFailed(batch: BatchContext, item: Item): void {
  const { play } = batch
  const failed = batch.batch.filter(host => host.failed || host.unreachable).length
  if (failed === 0) return
  const fatal = play.any_errors_fatal || item.keywords.any_errors_fatal === true
  const percentage = (failed / batch.batch.length) * 100
  if (fatal) batch.stopped.reason = 'any_errors_fatal: a host failed'
  else if (play.max_fail_percentage !== undefined && percentage > play.max_fail_percentage) {
    batch.stopped.reason = `max_fail_percentage: ${failed} of ${batch.batch.length} hosts failed`
  }
}
