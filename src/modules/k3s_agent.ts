import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import { askAll, on } from '../core/question.ts'
import { fileStat, fileText } from '../questions/file.ts'
import { k3sBinary } from '../questions/k3s/binary.ts'
import { k3sMember } from '../questions/k3s/member.ts'
import { clusterNodes } from '../questions/k3s/nodes.ts'
import { mark } from '../questions/mark.ts'
import { unitState } from '../questions/unit.ts'
import { k3sAgentArgs } from './k3s/agent-args.ts'
import { planBinary } from './k3s/agent-binary.ts'
import { type AgentSeen, agentChanges, filesOf } from './k3s/agent-changes.ts'
import { planScript } from './k3s/agent-script.ts'
import { notYet, settleJoin } from './k3s/agent-settle.ts'
import { wishedName, wishProblem } from './k3s/agent-wish.ts'
import {
  agentConfigPath,
  agentEnvPath,
  agentRestartMark,
  agentUninstallPath,
  agentUnitName,
  agentUnitPath,
  k3sPath,
} from './k3s/paths.ts'
import { serverMissing, serverOf } from './k3s/server-of.ts'

export const k3sAgent = defineModule({
  name: 'k3s_agent',
  summary:
    'Make a host a worker of a k3s cluster: the program, its unit, its configuration; wait until the server has the node Ready by a fresh heartbeat, or tell from the journal why it does not join.',
  args: k3sAgentArgs,
  returns: {
    node: 'the name of its Node',
    version: 'the version the node reports',
    ready: 'true: the server has it Ready',
    restarted: 'whether the agent was started or restarted',
  },
  targets: () => [
    ...[k3sPath, agentUnitPath, agentEnvPath, agentConfigPath, agentUninstallPath].map(name => ({
      facet: 'file' as const,
      name,
    })),
    { facet: 'unit', name: agentUnitName },
  ],
  *plan(args, ctx) {
    const problem = wishProblem(args)
    if (problem) return refused(problem)
    const server = serverOf(ctx, args.server)
    if (server === undefined) return { changes: [], result: {}, failed: serverMissing }
    const [binary, unitFile, env, config, uninstall, unit, member, noted, cluster] = yield* askAll(
      k3sBinary(k3sPath, {
        digest: args.binary_src !== undefined || args.sha256 !== undefined || args.fetch === 'control',
      }),
      fileText(agentUnitPath),
      fileText(agentEnvPath),
      fileText(agentConfigPath),
      fileStat(agentUninstallPath),
      unitState(agentUnitName),
      k3sMember(),
      mark(agentRestartMark),
      on(server, clusterNodes()),
    )
    const brought = yield* planBinary(args, binary, member.machine)
    if ('failed' in brought) return { changes: [], result: {}, failed: brought.failed }
    const scripted = yield* planScript(args, unitFile, uninstall)
    if ('failed' in scripted) return { changes: [], result: {}, failed: scripted.failed }
    const installer = scripted.change
    const seen: AgentSeen = { binary, unitFile, env, config, unit, member, noted, cluster }
    const node = wishedName(args) ?? member.hostname.split('.')[0]!.toLowerCase()
    const files = filesOf(args, seen, { node, installer })
    if (!('changes' in files)) return { changes: [], result: {}, ...files }
    const { changes, starts } = agentChanges(seen, { node, files: files.changes, program: brought.change })
    const version = args.version ?? (brought.change || binary.version === '' ? undefined : binary.version)
    const started = starts !== undefined
    const joining = { node, hostname: member.hostname, server, within: args.join_timeout, started, version }
    if (changes.length === 0 && notYet(cluster, joining, 0) === undefined) {
      return unchanged({ node, version: version ?? '', ready: true, restarted: false })
    }
    const words = [brought.message, starts].filter(word => word !== undefined)
    const settle = settleJoin(joining)
    const result = { node, restarted: started }
    // What only the settled join tells.
    const later = changes.length === 0 ? {} : { later: { names: ['ready', 'version'], from: () => ({}) } }
    return changed(changes, result, { settle, ...later, ...(words.length === 0 ? {} : { message: words.join('; ') }) })
  },
})

function refused({ why, label }: { readonly why: string; readonly label?: boolean }): Plan {
  const failed = label
    ? ({
        code: 'k3s-label-refused',
        message: why,
        hint: 'leave it out here and set it with the module node_labels, through the server',
      } as const)
    : ({ code: 'refused', message: why, hint: 'take it out of the arguments' } as const)
  return { changes: [], result: {}, failed }
}
