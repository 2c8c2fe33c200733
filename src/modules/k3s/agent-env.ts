import { join, Secret, type Text } from '../../core/secret.ts'

/** What the agent's environment file says: `K3S_URL`, `K3S_TOKEN`, and what else was wished. */
export type AgentEnv = { readonly [name: string]: Text }

/** The file's text: every value quoted, so that systemd takes it as it is. A secret makes the whole a secret. */
export function agentEnvText(env: AgentEnv): Text {
  return join(Object.entries(env).map(([name, value]) => join([`${name}=`, quoted(value), '\n'])))
}

function quoted(value: Text): Text {
  return value instanceof Secret ? value.map(quotedText) : quotedText(value)
}

function quotedText(value: string): string {
  if (!value.includes("'")) return `'${value}'`
  return `"${value.replace(/[\\"`$]/g, char => `\\${char}`)}"`
}

/** Reads one as systemd does, quoted or not, with `export` before it or not. The token is a secret from here on. */
export function readAgentEnv(text: string): AgentEnv {
  const entries = text.split('\n').flatMap(line => {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)=(.*?)\s*$/.exec(line)
    return match ? [[match[1]!, bare(match[2]!)] as const] : []
  })
  return Object.fromEntries(entries.map(([name, value]) => [name, isSecret(name) ? new Secret(value) : value]))
}

export function sameEnv(have: AgentEnv, want: AgentEnv): boolean {
  const names = new Set([...Object.keys(have), ...Object.keys(want)])
  return [...names].every(name => plain(have[name]) === plain(want[name]))
}

function isSecret(name: string): boolean {
  return /TOKEN|PASSWORD|SECRET/i.test(name)
}

function bare(value: string): string {
  const match = /^'([^']*)'$|^"((?:\\.|[^"\\])*)"$/.exec(value)
  if (!match) return value
  return match[1] ?? match[2]!.replace(/\\(.)/g, '$1')
}

function plain(value: Text | undefined): string | undefined {
  return value instanceof Secret ? value.reveal() : value
}
