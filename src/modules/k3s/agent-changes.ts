import { makeDir } from '../../changes/dir-make.ts'
import { writeFile } from '../../changes/file-write.ts'
import { clearMark } from '../../changes/mark-clear.ts'
import { setMark } from '../../changes/mark-set.ts'
import { setUnit } from '../../changes/unit-set.ts'
import type { Change } from '../../core/change.ts'
import type { Diagnostic } from '../../core/diagnostic.ts'
import { containsSecret, reveal, Secret, type Text } from '../../core/secret.ts'
import { Unknown } from '../../core/unknown.ts'
import type { FileAnswer } from '../../questions/file.ts'
import type { BinaryAnswer } from '../../questions/k3s/binary.ts'
import type { MemberAnswer } from '../../questions/k3s/member.ts'
import type { NodesAnswer } from '../../questions/k3s/nodes.ts'
import type { MarkAnswer } from '../../questions/mark.ts'
import type { UnitAnswer } from '../../questions/unit.ts'
import { agentEnvText, readAgentEnv, sameEnv } from './agent-env.ts'
import { chooseToken } from './agent-token.ts'
import { sameUnit } from './agent-unit.ts'
import { type AgentWish, wishedConfig, wishedUnit } from './agent-wish.ts'
import { findNode } from './find-node.ts'
import { agentRestartMark, agentUnitName } from './paths.ts'

/** What was found of the agent, on its host and on the server. */
export interface AgentSeen {
  readonly binary: BinaryAnswer
  readonly unitFile: FileAnswer
  readonly env: FileAnswer
  readonly config: FileAnswer
  readonly unit: UnitAnswer
  readonly member: MemberAnswer
  readonly noted: MarkAnswer
  readonly cluster: NodesAnswer
}

type FilesPlan =
  | { readonly changes: readonly Change[] }
  | { readonly failed: Diagnostic }
  | { readonly unknown: Unknown }

/** The files that differ from the wish. */
export function filesOf(
  wish: AgentWish & { readonly token?: Text | Unknown | null | undefined },
  seen: AgentSeen,
  { node, installer }: { readonly node: string; readonly installer: Change | undefined },
): FilesPlan {
  const { env, unitFile, config, member, cluster } = seen
  const old = findNode(cluster.nodes, member.node, member.hostname)
  if (member.role === 'server') return { failed: isServer }
  if (member.role === 'agent' && member.node !== node && old) return { failed: renamed(old.name, node) }
  const have = readAgentEnv(env.text ?? '')
  const joined = runs(seen.unit) && old !== undefined
  const chosen = chooseToken({ given: wish.token, kept: have.K3S_TOKEN, joined })
  if ('failed' in chosen) return chosen
  const { token } = chosen
  // Whether a token that only a run can tell differs from the one that is there, only a run can tell.
  if (token instanceof Unknown && have.K3S_TOKEN !== undefined) return { unknown: token }
  const want = (known: Text) => ({ K3S_URL: wish.url.replace(/\/$/, ''), K3S_TOKEN: known, ...wish.env })
  const tight = env.mode === '0600' || env.mode === '0400'
  const unit = wishedUnit(wish)
  const yaml = wishedConfig(wish)
  return {
    changes: [
      ...(installer !== undefined
        ? [installer]
        : unitFile.text !== undefined && sameUnit(unitFile.text, unit)
          ? []
          : write(unitFile, unit, '0644')),
      ...(token instanceof Unknown
        ? envAfter(write(env, token, '0600'), installer)
        : tight && installer === undefined && sameEnv(have, want(token))
          ? []
          : envAfter(write(env, agentEnvText(want(token)), '0600'), installer)),
      ...(yaml === undefined || isThere(config, yaml) ? [] : write(config, yaml, '0600')),
    ],
  }
}

/** The installer writes an environment file of its own, without the token: ours goes over it. */
function envAfter(writes: readonly Change[], installer: Change | undefined): readonly Change[] {
  if (installer === undefined) return writes
  return writes.map(({ expects: _, ...write }: Change & { expects?: string }) => write)
}

export interface AgentWork {
  readonly node: string
  readonly files: readonly Change[]
  readonly program: Change | undefined
}

/** All that is to be done, in an order that a run killed anywhere leaves a trace of, and why the agent is started. */
export function agentChanges(
  seen: AgentSeen,
  { node, files, program }: AgentWork,
): { readonly changes: readonly Change[]; readonly starts: string | undefined } {
  const { unit, noted } = seen
  const written = [...(program ? [program] : []), ...files]
  const starts = whyStart(seen, node, written.length > 0)
  // The installer disables what it writes anew.
  const enabled = unit.enabled === 'enabled' && !written.some(({ kind }) => kind === 'k3s.install')
  if (starts === undefined && enabled) return { changes: [], starts }
  const set = setUnit({
    name: agentUnitName,
    ...(written.length > 0 || unit.needDaemonReload ? { daemonReload: true } : {}),
    ...(enabled ? {} : { enabled: true }),
    // It may never come to be ready when the join fails: nobody waits for that here.
    ...(starts === undefined
      ? {}
      : { state: runs(unit) ? ('restarted' as const) : ('started' as const), noBlock: true }),
    before: { enabled: unit.enabled, active: unit.active },
  })
  const marked = written.length > 0 && runs(unit)
  return {
    changes: [
      ...(marked && !noted.set ? [setMark(agentRestartMark, 'the files of the k3s agent were changed')] : []),
      ...written,
      set,
      ...(marked || noted.set ? [clearMark(agentRestartMark)] : []),
    ],
    starts,
  }
}

function whyStart(
  { unit, noted, cluster, binary, member }: AgentSeen,
  node: string,
  written: boolean,
): string | undefined {
  if (!runs(unit)) return 'the agent is started'
  if (written) return 'the agent is restarted with what changed'
  if (noted.set) return 'the agent is restarted: an earlier run changed its files and got no further'
  const known = findNode(cluster.nodes, node, member.hostname)
  if (known === undefined) return `the agent is restarted: it runs, but the cluster has no node ${node}`
  const other = known.ready && binary.version !== '' && known.version !== '' && known.version !== binary.version
  return other ? `the agent is restarted: it still runs ${known.version}` : undefined
}

function runs({ active }: UnitAnswer): boolean {
  return active === 'active' || active === 'activating' || active === 'reloading'
}

function isThere({ text, mode }: FileAnswer, wanted: Text): boolean {
  return text === reveal(wanted) && (mode === '0600' || mode === '0400')
}

function write(file: FileAnswer, text: Text | Unknown, mode: string): readonly Change[] {
  const { path, real, parent, digest } = file
  const there = file.type === 'file'
  const folder = parent.missing.at(-1)
  const made =
    folder === undefined ? [] : [makeDir({ path: folder, real: folder, missing: parent.missing.slice(0, -1) })]
  // What stood there may be a secret as well, where what comes is one.
  const old = containsSecret([text]) || /token/i.test(file.text ?? '') ? new Secret(file.text ?? '') : (file.text ?? '')
  const kept = there ? { mode: file.mode!, owner: file.owner!, group: file.group! } : undefined
  const before = there ? old : null
  return [...made, writeFile({ path, real, text, mode, kept, before, expects: there ? digest : 'absent' })]
}

const isServer: Diagnostic = {
  code: 'refused',
  message: 'this host runs a k3s server, which has an agent inside',
  hint: 'leave it out of the play, or uninstall the server there first',
}

function renamed(old: string, wanted: string): Diagnostic {
  return {
    code: 'refused',
    message: `this host is the node ${old} already and would become ${wanted}: a joined node is never renamed, its volumes hang on the name`,
    hint: `give node_name: ${old}, or drain and delete the node ${old} and run \`k3s-agent-uninstall.sh\` on it first`,
  }
}
