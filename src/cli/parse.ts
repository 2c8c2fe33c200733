import type { Argv, Options } from 'yargs'
import yargs from 'yargs'
import { didYouMean } from '../core/did-you-mean.ts'
import { Flags, usage } from './flags.ts'
import {
  docOptions,
  inventoryOptions,
  pingOptions,
  playOptions,
  reportOptions,
  runOptions,
  runsOptions,
  unlockOptions,
} from './options.ts'

export type CommandName = 'play' | 'inventory' | 'ping' | 'run' | 'unlock' | 'runs' | 'report' | 'doc'

/** What was asked for: a command with its words and options, or a page of help. */
export type Parsed =
  | { readonly kind: 'help'; readonly text: string; readonly asked: boolean }
  | { readonly kind: 'command'; readonly name: CommandName; readonly words: readonly string[]; readonly flags: Flags }

interface CommandSpec {
  readonly usage: string
  readonly summary: string
  readonly options: Readonly<Record<string, Options>>
  /** How many words may stand beside the options. */
  readonly words: readonly [least: number, most: number]
  /** What the first word may be, where it is one of few. */
  readonly verbs?: readonly string[]
}

const commands: Readonly<Record<CommandName, CommandSpec>> = {
  play: {
    usage: 'play [playbooks..]',
    summary: 'Bring hosts into the state that playbooks describe',
    options: playOptions,
    words: [0, Number.POSITIVE_INFINITY],
  },
  inventory: {
    usage: 'inventory [add] [host]',
    summary: 'Show hosts, groups and variables, or add a host',
    options: inventoryOptions,
    words: [0, 2],
    verbs: ['add'],
  },
  ping: { usage: 'ping [pattern]', summary: 'Log in everywhere and say so', options: pingOptions, words: [0, 1] },
  run: {
    usage: 'run <pattern> -- <command..>',
    summary: 'Run one command on hosts',
    options: runOptions,
    words: [1, Number.POSITIVE_INFINITY],
  },
  runs: {
    usage: 'runs [show] [id]',
    summary: 'List the runs that changed something, or tell one from its journal',
    options: runsOptions,
    words: [0, 2],
  },
  report: {
    usage: 'report merge <files..>',
    summary: 'Sum up several runs (of shards) from what they wrote with --output ndjson',
    options: reportOptions,
    words: [2, Number.POSITIVE_INFINITY],
    verbs: ['merge'],
  },
  unlock: {
    usage: 'unlock <pattern>',
    summary: 'Take away the lock of a run that is known to be gone',
    options: unlockOptions,
    words: [1, 1],
  },
  doc: { usage: 'doc [module]', summary: 'Explain a module, or list them all', options: docOptions, words: [0, 1] },
}

/** Reads a command line (without node and script). Throws a Mistake of code `usage`. */
export async function parse(args: readonly string[]): Promise<Parsed> {
  const [first = ''] = args
  if (isCommand(first)) return parseCommand(first, args.slice(1))
  const asked = first === '--help' || first === '-h' || first === 'help'
  if (args.length === 0 || asked) return { kind: 'help', text: await overview(), asked }
  if (first.startsWith('-')) throw usage(`a command must come first, not ${first}`, `one of ${names.join(', ')}`)
  const near = didYouMean(first, names)
  throw usage(
    `there is no command '${first}'`,
    near ? `did you mean '${near}'?` : `the commands are ${names.join(', ')}`,
  )
}

const names = Object.keys(commands) as readonly CommandName[]

function isCommand(word: string): word is CommandName {
  return Object.hasOwn(commands, word)
}

async function parseCommand(name: CommandName, args: readonly string[]): Promise<Parsed> {
  const spec = commands[name]
  const parser = base().usage(`pitool ${spec.usage}\n\n${spec.summary}.`).options(spec.options)
  if (wantsHelp(args)) return { kind: 'help', text: await parser.getHelp(), asked: true }
  const parsed: Readonly<Record<string, unknown>> = parser.parseSync([...args])
  refuseUnknown(name, parsed)
  const words = [parsed._, parsed['--']].flatMap(part => (Array.isArray(part) ? part.map(String) : []))
  const [least, most] = spec.words
  if (words.length < least) throw usage(`'pitool ${name}' needs more: pitool ${spec.usage}`)
  const [verb] = words
  const odd = verb !== undefined && spec.verbs?.includes(verb) === false ? verb : words[most]
  if (odd !== undefined) throw usage(`'pitool ${name}' does not know what to do with '${odd}'`)
  return { kind: 'command', name, words, flags: new Flags(parsed) }
}

function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--')
  return (end < 0 ? args : args.slice(0, end)).some(arg => arg === '--help' || arg === '-h')
}

function refuseUnknown(name: CommandName, parsed: Readonly<Record<string, unknown>>): void {
  const { options } = commands[name]
  const aliases = Object.values(options).flatMap(({ alias }) => alias ?? [])
  const known = new Set([...Object.keys(options), ...aliases, '_', '$0', '--'])
  const unknown = Object.keys(parsed).find(key => !known.has(key))
  if (unknown === undefined) return
  const near = didYouMean(unknown, Object.keys(options))
  throw usage(
    `'pitool ${name}' has no option ${dashed(unknown)}`,
    near ? `did you mean --${near}?` : `pitool ${name} --help lists them`,
  )
}

function base(): Argv {
  return yargs([])
    .locale('en')
    .scriptName('pitool')
    .help(false)
    .version(false)
    .exitProcess(false)
    .wrap(100)
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'greedy-arrays': false,
      'parse-positional-numbers': false,
      'populate--': true,
    })
    .fail((message, error) => {
      throw usage(plainer(message ?? error?.message ?? 'this command line cannot be read'))
    })
}

function plainer(message: string): string {
  return message.replace(/^Not enough arguments following: (.*)$/, (_, name: string) => `${dashed(name)} needs a value`)
}

function dashed(name: string): string {
  return name.length === 1 ? `-${name}` : `--${name}`
}

async function overview(): Promise<string> {
  const longest = Math.max(...names.map(name => commands[name].usage.length))
  const lines = names.map(name => `  pitool ${commands[name].usage.padEnd(longest)}  ${commands[name].summary}`)
  return [
    'pitool provisions machines over SSH from YAML playbooks.',
    '',
    ...lines,
    '',
    '  pitool COMMAND --help    its options',
    '  pitool --version',
  ].join('\n')
}
