import { setSysctl } from '../changes/sysctl-set.ts'
import type { Change } from '../core/change.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import { type Asking, askAll } from '../core/question.ts'
import { fileText } from '../questions/file.ts'
import { plainSpaces, sysctlValue } from '../questions/sysctl.ts'
import { failed } from './failed.ts'
import { notEditable, parentMissing, refusal } from './files/refuse.ts'
import { absolutePath } from './files/schema.ts'
import { contentChanges } from './files/wish.ts'

export const sysctl = defineModule({
  name: 'sysctl',
  summary: 'Set a kernel parameter: in a file for the next boot, and now.',
  args: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: {
        aliases: ['key'],
        type: 'string',
        pattern: '^[A-Za-z0-9_]+([./][A-Za-z0-9_.:@-]+)+$',
        expects: 'a name such as net.ipv4.ip_forward',
      },
      value: { aliases: ['val'], type: ['string', 'integer', 'boolean'], description: 'Needed with state: present.' },
      state: {
        enum: ['present', 'absent'],
        default: 'present',
        description: 'absent: the line goes; the running value stays until the next boot.',
      },
      sysctl_file: { ...absolutePath, default: '/etc/sysctl.d/99-pitool.conf' },
      sysctl_set: { type: 'boolean', default: true, description: 'Set it now, too.' },
      ignoreerrors: {
        type: 'boolean',
        default: false,
        description: 'A parameter the running kernel does not have is no error.',
      },
    },
  },
  returns: { name: 'the parameter', value: 'its value', sysctl_file: 'the file it stands in' },
  targets: args => [
    { facet: 'value', name: `sysctl:${args.name}` },
    { facet: 'file', name: args.sysctl_file },
  ],
  *plan(args): Asking<Plan> {
    const { name, state, sysctl_file, sysctl_set } = args
    if (state === 'present' && args.value === undefined)
      return failed('wrong-value', '`value` is needed with state: present')
    const value = plainSpaces(String(typeof args.value === 'boolean' ? Number(args.value) : (args.value ?? '')))
    const [file, running] = yield* askAll(fileText(sysctl_file), sysctlValue(name))
    const refused =
      refusal(file) ??
      notEditable(file) ??
      (state === 'present' && file.type === 'absent' ? parentMissing(file) : undefined)
    if (refused) return refused
    const text = editSysctl(file.text ?? '', name, state === 'absent' ? undefined : value)
    const isWritten = text === (file.text ?? '')
    const now = sysctl_set && state === 'present'
    if (now && running === null && !args.ignoreerrors) {
      return failed(
        'not-found',
        `the running kernel has no parameter ${name}`,
        'load its module before, or set `ignoreerrors: true`',
      )
    }
    const changes: readonly Change[] = [
      ...(isWritten ? [] : contentChanges(file, text, {})),
      ...(now && running !== null && running !== value ? [setSysctl({ name, value, before: running })] : []),
    ]
    const result = { name, value, sysctl_file }
    return changes.length === 0 ? unchanged(result) : changed(changes, result)
  },
})

/** The file with one line of this parameter, or (undefined) none. */
export function editSysctl(text: string, name: string, value: string | undefined): string {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n')
  const isMine = (line: string) => plainName(/^\s*-?\s*([^#;=\s]+)\s*=/.exec(line)?.[1]) === plainName(name)
  const wanted = `${name} = ${value}`
  const at = lines.findLastIndex(isMine)
  if (at >= 0 && value !== undefined && lines.filter(isMine).length === 1 && valueIn(lines[at]!) === value) return text
  const rest = lines.flatMap((line, i) => (isMine(line) ? (i === at && value !== undefined ? [wanted] : []) : [line]))
  const all = at < 0 && value !== undefined ? [...rest, wanted] : rest
  if (all.length === lines.length && all.every((line, i) => line === lines[i])) return text
  return all.length === 0 ? '' : `${all.join('\n')}\n`
}

function plainName(name: string | undefined): string | undefined {
  return name?.replaceAll('/', '.')
}

function valueIn(line: string): string {
  return plainSpaces(line.slice(line.indexOf('=') + 1))
}
