import type { Text } from '../../core/secret.ts'
import { type AgentConfig, agentConfigText, configProblem, labelsOfArguments, labelsProblem } from './agent-config.ts'
import { agentUnitText } from './agent-unit.ts'

/** The part of k3s_agent's arguments that becomes files. */
export interface AgentWish {
  readonly url: string
  readonly extra_args: readonly string[]
  readonly env: { readonly [name: string]: Text }
  readonly node_name?: string | undefined
  readonly node_ip?: string | undefined
  readonly flannel_iface?: string | undefined
  readonly config?: AgentConfig | undefined
}

/** The agent's unit as wished. */
export function wishedUnit(wish: AgentWish): string {
  return agentUnitText(agentArguments(wish))
}

/** config.yaml as wished; undefined where it is nobody's business here. */
export function wishedConfig({ config }: AgentWish): Text | undefined {
  return config === undefined || Object.keys(config).length === 0 ? undefined : agentConfigText(config)
}

/** The name its Node is to have; undefined: the hostname. */
export function wishedName({ node_name, config }: AgentWish): string | undefined {
  const configured = config?.['node-name']
  return (node_name ?? (typeof configured === 'string' ? configured : undefined))?.toLowerCase()
}

/** Why the wish cannot come true, whatever the host; undefined where it can. */
export function wishProblem(wish: AgentWish): { readonly why: string; readonly label?: boolean } | undefined {
  const args = agentArguments(wish)
  const token = args.find(arg => /^--?(token|t|token-file|server|s)(=|$)/.test(arg))
  if (token !== undefined) {
    const name = token.split('=')[0]!
    return { why: `extra_args must not hold ${name}: use the arguments url and token` }
  }
  return labelsProblem(labelsOfArguments(args)) ?? configProblem(wish.config ?? {})
}

/** What follows `k3s agent`. */
export function agentArguments({ node_name, node_ip, flannel_iface, extra_args }: AgentWish): readonly string[] {
  const named: readonly (readonly [string, string | undefined])[] = [
    ['--node-name', node_name],
    ['--node-ip', node_ip],
    ['--flannel-iface', flannel_iface],
  ]
  return [
    ...named.flatMap(([flag, value]) => (value === undefined ? [] : [flag, value])),
    ...extra_args.flatMap(parted),
  ]
}

/** `--flag value` given as one text are two words. */
function parted(arg: string): readonly string[] {
  const match = /^(--?[A-Za-z][A-Za-z-]*)\s+(.+)$/s.exec(arg)
  return match ? [match[1]!, match[2]!] : [arg]
}
