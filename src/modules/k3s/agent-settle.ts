import { type Diagnostic, Failure } from '../../core/diagnostic.ts'
import type { Seen, Settle, Settled } from '../../core/module.ts'
import { type Asking, askAll, on } from '../../core/question.ts'
import { mask } from '../../core/secret.ts'
import { journal } from '../../questions/k3s/journal.ts'
import { clusterNodes, type NodesAnswer } from '../../questions/k3s/nodes.ts'
import { type UnitAnswer, unitState } from '../../questions/unit.ts'
import { findNode } from './find-node.ts'
import { journalCause, spoken } from './journal-causes.ts'
import { agentUnitName } from './paths.ts'

/** What a join is to come to. */
export interface Joining {
  readonly node: string
  readonly hostname: string
  readonly server: string
  /** Seconds. */
  readonly within: number
  /** The agent was started anew: only a sign of life from after that counts. */
  readonly started: boolean
  /** The version its node must report. */
  readonly version: string | undefined
}

// A node without a sign of life for 40 s is no longer taken for alive by the cluster either.
const freshSeconds = 40

/** Waits until the Node is Ready by a sign of life that is no leftover, or the journal names a cause that stays. */
export function settleJoin(joining: Joining): Settle {
  const what = `node ${joining.node} to be Ready`
  return { what, within: joining.within, every: 2, look: seen => look(seen, joining) }
}

/** Why a node is not taken for joined yet; undefined where it is. */
export function notYet(answer: NodesAnswer, joining: Joining, elapsed: number): string | undefined {
  const node = findNode(answer.nodes, joining.node, joining.hostname)
  if (node === undefined) return `${joining.node} to be listed by the server`
  if (!node.ready) return `${node.name} to be Ready (${node.reason.slice(0, 120)})`
  const age = answer.clock - node.heartbeat
  // The server's clock is told in whole seconds.
  if (age + 1 >= (joining.started ? elapsed : freshSeconds)) return `a fresh heartbeat of ${node.name}`
  const { version } = joining
  if (version !== undefined && node.version !== version)
    return `${node.name} to report ${version} instead of ${node.version}`
  return undefined
}

function* look(seen: Seen, joining: Joining): Asking<Settled> {
  const [nodes, lines, unit] = yield* askAll(
    on(joining.server, clusterNodes()),
    journal(agentUnitName, joining.started ? seen.elapsed : freshSeconds),
    unitState(agentUnitName),
  )
  const waiting = notYet(nodes, joining, seen.elapsed)
  if (waiting === undefined) {
    const { name, version } = findNode(nodes.nodes, joining.node, joining.hostname)!
    return { done: true, result: { node: name, version, ready: true } }
  }
  const cause = journalCause(lines)
  if (cause?.persistent || seen.last) throw new Failure(joinFailure(joining, waiting, { lines, unit }))
  return { waiting }
}

interface Agent {
  readonly lines: readonly string[]
  readonly unit: UnitAnswer
}

const tail = 8

function joinFailure({ node, server, within }: Joining, waiting: string, { lines, unit }: Agent): Diagnostic {
  const cause = journalCause(lines)
  const said = mask(lines.slice(-tail).map(spoken).join('\n')).slice(-2000)
  if (cause) {
    const seen = mask(cause.line)
    return {
      code: cause.code,
      message: `${node} does not join: ${cause.message}`,
      hint: cause.hint.replaceAll('NAME', node),
      cause: `${seen} (${cause.seen} times in the agent's journal)`,
    }
  }
  return {
    code: 'k3s-join-timeout',
    message: `${node} did not join within ${within} s: still waiting for ${waiting}; its agent is ${unit.active} (${unit.sub})`,
    hint: `look at \`journalctl -u k3s-agent\` on ${node} and at \`k3s kubectl describe node ${node}\` on ${server}, or allow more join_timeout`,
    cause: said === '' ? 'the journal of the agent is empty' : said,
  }
}
