import { setHostname } from '../changes/hostname-set.ts'
import type { Change } from '../core/change.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import { type Asking, askAll } from '../core/question.ts'
import { type FileAnswer, fileText } from '../questions/file.ts'
import { hostnameState } from '../questions/hostname.ts'
import { contentChanges } from './files/wish.ts'

const preserveFile = '/etc/cloud/cloud.cfg.d/99-pitool-hostname.cfg'

export const hostname = defineModule({
  name: 'hostname',
  summary:
    'Name the host: now, at its next boot, and in the 127.0.1.1 line of /etc/hosts. cloud-init is told to keep it.',
  args: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: {
        type: 'string',
        pattern:
          '^(?=.{1,64}$)[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$',
        expects: 'a host name: letters, digits and -, at most 63 characters a part',
      },
    },
  },
  freeForm: 'name',
  returns: { name: 'the name' },
  targets: () => [
    { facet: 'value', name: 'hostname' },
    { facet: 'file', name: '/etc/hostname' },
    { facet: 'file', name: '/etc/hosts' },
  ],
  *plan({ name }): Asking<Plan> {
    const [state, hosts, preserve] = yield* askAll(hostnameState(), fileText('/etc/hosts'), fileText(preserveFile))
    const before =
      state.static === state.running ? state.running : `${state.running} (${state.static} at the next boot)`
    const isNamed = state.static === name && state.running === name
    const changes = [
      // The hosts file first: sudo asks for the new name the moment it is set.
      ...hostsChanges(hosts, name),
      ...(isNamed ? [] : [setHostname({ name, before })]),
      ...(state.cloudInit ? contentChanges(preserve, 'preserve_hostname: true\n', {}) : []),
    ]
    const rewritten = `cloud-init writes /etc/hosts anew at each boot (manage_etc_hosts): set it to false to keep ${name} there`
    const message = state.managedHosts ? { message: rewritten } : {}
    return changes.length === 0 ? unchanged({ name }, message) : changed(changes, { name }, message)
  },
})

function hostsChanges(file: FileAnswer, name: string): readonly Change[] {
  if (file.type !== 'file' || file.text === undefined) return []
  const text = editHosts(file.text, name)
  return text === file.text ? [] : contentChanges(file, text, {})
}

/** The 127.0.1.1 line names the host, and no line else is touched; it is added where no loopback line names it. */
export function editHosts(text: string, name: string): string {
  const short = name.split('.')[0]!
  const wanted = `127.0.1.1\t${short === name ? name : `${name} ${short}`}`
  const lines = text.split('\n')
  const at = lines.findIndex(line => /^\s*127\.0\.1\.1\s/.test(line))
  if (at >= 0) return namesOf(lines[at]!).includes(name) ? text : lines.with(at, wanted).join('\n')
  if (lines.some(line => /^\s*(127\.|::1)/.test(line) && namesOf(line).includes(name))) return text
  const local = lines.findIndex(line => /^\s*127\.0\.0\.1\s/.test(line))
  return lines.toSpliced(local + 1, 0, wanted).join('\n')
}

function namesOf(line: string): readonly string[] {
  return line.replace(/#.*/, '').trim().split(/\s+/).slice(1)
}
