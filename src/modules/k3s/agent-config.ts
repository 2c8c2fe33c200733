import { join, Secret, type Text } from '../../core/secret.ts'
import { isRestricted, labelProblem } from './labels.ts'

export type AgentConfig = { readonly [name: string]: unknown }

/** config.yaml: plain values and lists of them, every text quoted as JSON does, which is YAML too. */
export function agentConfigText(config: AgentConfig): Text {
  return join(['# Written by pitool.\n', ...Object.entries(config).map(([name, value]) => join(entry(name, value)))])
}

function entry(name: string, value: unknown): readonly Text[] {
  if (!Array.isArray(value)) return [`${name}: `, scalar(value), '\n']
  if (value.length === 0) return [`${name}: []\n`]
  return [`${name}:\n`, ...value.flatMap(item => ['  - ', scalar(item), '\n'])]
}

function scalar(value: unknown): Text {
  if (value instanceof Secret) return value.map(text => JSON.stringify(text))
  return JSON.stringify(value)
}

// The command line wins over them, and they would stand in a file that others may think harmless.
const ours = ['token', 'token-file', 'server']

/** Why a configuration would not do what it says; undefined where it would. */
export function configProblem(config: AgentConfig): { readonly why: string; readonly label?: boolean } | undefined {
  const taken = ours.find(name => name in config)
  if (taken !== undefined) return { why: `config must not hold '${taken}': use the arguments url and token` }
  const odd = Object.entries(config).find(([, value]) => typeof value === 'object' && !isPlain(value))
  if (odd) return { why: `config '${odd[0]}' must be a text, a number, true or false, or a list of them` }
  return labelsProblem([config['node-label']].flat().filter(label => typeof label === 'string'))
}

/** The labels that arguments set: `--node-label a=b`, `--node-label=a=b`. */
export function labelsOfArguments(args: readonly string[]): readonly string[] {
  return args.flatMap((arg, i) => {
    const attached = /^--?node-label=(.+)$/.exec(arg)?.[1]
    if (attached !== undefined) return [attached]
    const parted = /^--?node-label (.+)$/.exec(arg)?.[1]
    if (parted !== undefined) return [parted]
    return /^--?node-label$/.test(arg) && args[i + 1] !== undefined ? [args[i + 1]!] : []
  })
}

export function labelsProblem(labels: readonly string[]): { readonly why: string; readonly label: true } | undefined {
  for (const label of labels) {
    const at = label.indexOf('=')
    const name = at < 0 ? label : label.slice(0, at)
    const why = labelProblem(name, at < 0 ? undefined : label.slice(at + 1))
    if (why !== undefined) return { why, label: true }
    if (isRestricted(name)) return { why: `an agent that sets the label '${name}' of itself ends at once`, label: true }
  }
  return undefined
}

function isPlain(value: unknown): boolean {
  if (value === null || value instanceof Secret) return true
  return Array.isArray(value) && value.every(item => typeof item !== 'object' || item instanceof Secret)
}
