import { Failure } from '../core/diagnostic.ts'

/** Options for OpenSSH's client, taken apart and found to be such as pitool can honour. */
export interface SshArgs {
  readonly words: readonly string[]
  /** The configuration file they name, which counts for jump hosts as well. */
  readonly file?: string | undefined
}

/**
 * Takes apart what stands in `ansible_ssh_common_args` and its like. Throws a Failure for what cannot be honoured: the
 * program ssh honours nearly all, the library little.
 */
export function readSshArgs(text: string, host: string, program = false): SshArgs {
  const refuse = (option: string, why: string, hint?: string) => {
    const message = `ssh's option ${option} for ${host} cannot be honoured: ${why}`
    throw new Failure({ code: 'unsupported', host, message, hint: hint ?? 'remove it from the ssh arguments' })
  }
  const words = splitWords(text) ?? refuse(text, 'a quotation mark is not closed')
  let file: string | undefined
  const given: string[] = []
  for (let i = 0; i < words.length; i++) {
    const [, letter, rest] = /^-(\w)(.*)$/s.exec(words[i] as string) ?? refuse(words[i] as string, 'it is no option')
    if (flags.test(letter as string)) {
      if (rest !== '') words.splice(i + 1, 0, `-${rest}`)
      given.push(`-${letter}`)
      continue
    }
    if (!(program ? takesValueThere : takesValue).test(letter as string))
      refuse(
        `-${letter}`,
        reasons[letter as string] ?? unused,
        program || !takesValueThere.test(letter as string) ? undefined : way,
      )
    const value = rest === '' ? words[++i] : rest
    if (value === undefined) refuse(`-${letter}`, 'its value is missing')
    if (letter === 'o') checkSetting(value as string, program, refuse)
    if (letter === 'F') file = value
    given.push(`-${letter}`, value as string)
  }
  return { words: given, file }
}

type Refuse = (option: string, why: string, hint?: string) => never

const flags = /[46CTaknqvxK]/
const takesValue = /[FJeilop]/
const takesValueThere = /[BFIJbceilmop]/
const way = 'remove it from the ssh arguments, or reach the host by connection: openssh, which can'
const unused = 'pitool opens its connections itself and has no use for it'
const reasons: { readonly [letter: string]: string } = {
  A: 'an agent is never forwarded',
  c: 'ciphers are chosen by pitool',
  m: 'MACs are chosen by pitool',
  b: 'the source address cannot be chosen',
  I: 'security devices cannot be asked; load the key into an ssh-agent (ssh-add -s)',
}

function checkSetting(text: string, program: boolean, refuse: Refuse): void {
  const [, name = '', value = ''] = /^\s*(\w+)\s*[\s=]\s*"?(.*?)"?\s*$/s.exec(text) ?? []
  const key = name.toLowerCase()
  const option = `-o ${text}`
  if (key === 'stricthostkeychecking' && /^(no|off|false)$/i.test(value))
    refuse(
      option,
      'host keys are always compared',
      'a new key is taken by StrictHostKeyChecking=accept-new or --accept-new',
    )
  if (key === 'forwardagent' && !/^(no|false)$/i.test(value)) refuse(option, 'an agent is never forwarded')
  if (!program && !honoured.has(key) && !harmless.has(key)) refuse(option, unused, way)
}

const honoured: ReadonlySet<string> = new Set([
  'addressfamily',
  'certificatefile',
  'connecttimeout',
  'globalknownhostsfile',
  'hostkeyalias',
  'hostname',
  'identitiesonly',
  'identityagent',
  'identityfile',
  'port',
  'proxycommand',
  'proxyjump',
  'stricthostkeychecking',
  'user',
  'userknownhostsfile',
])

/** What changes nothing in what is done where, only how ssh itself would do it. */
const harmless: ReadonlySet<string> = new Set([
  'addkeystoagent',
  'batchmode',
  'canonicalizehostname',
  'checkhostip',
  'compression',
  'connectionattempts',
  'controlmaster',
  'controlpath',
  'controlpersist',
  'forwardagent',
  'gssapiauthentication',
  'hashknownhosts',
  'ipqos',
  'kbdinteractiveauthentication',
  'loglevel',
  'numberofpasswordprompts',
  'passwordauthentication',
  'preferredauthentications',
  'pubkeyauthentication',
  'serveralivecountmax',
  'serveraliveinterval',
  'tcpkeepalive',
  'updatehostkeys',
  'visualhostkey',
])

/** Words as a shell splits them, with quotes and backslashes; undefined where a quote is left open. */
export function splitWords(text: string): string[] | undefined {
  const words: string[] = []
  const pattern = /\s*((?:[^\s'"\\]|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+)/gsy
  let at = 0
  for (let found = pattern.exec(text); found; found = pattern.exec(text)) {
    words.push((found[1] as string).replace(parts, unquoted))
    at = pattern.lastIndex
  }
  return text.slice(at).trim() === '' ? words : undefined
}

const parts = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(.)/gs

function unquoted(_: string, single?: string, double?: string, escaped?: string): string {
  return single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? ''
}
