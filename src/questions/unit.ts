import { Failure } from '../core/diagnostic.ts'
import type { Question } from '../core/question.ts'
import { errText, outText, type Section } from '../core/section.ts'
import { quote } from '../core/sh.ts'
import { badAnswer } from './bad-answer.ts'
import type { QuestionKind } from './kind.ts'
import { wholeNumber } from './lines.ts'
import { predictUnit } from './unit/predict.ts'

export interface UnitAnswer {
  readonly name: string
  /** `loaded`, `not-found`, `masked`, `error`, `bad-setting`. */
  readonly load: string
  /** `active`, `inactive`, `failed`, `activating`, `deactivating`, `reloading`. */
  readonly active: string
  readonly sub: string
  /** systemd's UnitFileState: `enabled`, `disabled`, `static`, `masked`, `generated` …; '' where it has none. */
  readonly enabled: string
  readonly masked: boolean
  readonly mainPid: number
  /** Microseconds since boot at which the main process began; 0: never. */
  readonly startedMonotonic: number
  readonly execMainStartTimestamp: string
  readonly restarts: number
  readonly result: string
  readonly needDaemonReload: boolean
  readonly fragmentPath?: string | undefined
}

/** A systemd unit; a name without a suffix is a service. */
export function unitState(name: string): Question<UnitAnswer> {
  const unit = unitName(name)
  return { kind: 'unit', key: unit, arg: unit }
}

export function unitName(name: string): string {
  return /\.(service|socket|device|mount|automount|swap|target|path|timer|slice|scope)$/.test(name)
    ? name
    : `${name}.service`
}

const properties = [
  'LoadState',
  'ActiveState',
  'SubState',
  'UnitFileState',
  'MainPID',
  'ExecMainStartTimestamp',
  'ExecMainStartTimestampMonotonic',
  'NRestarts',
  'Result',
  'NeedDaemonReload',
  'FragmentPath',
]

/** A template has no state of its own and drops its block from `systemctl show`: it is asked whether it is enabled. */
function isTemplate(unit: string): boolean {
  return unit.includes('@.')
}

export const unit: QuestionKind<string, UnitAnswer> = {
  kind: 'unit',
  sh(units) {
    const show = `systemctl show --no-pager --property=${properties.join(',')} --`
    const plain = units.filter(name => !isTemplate(name))
    const together = plain.map(quote).join(' ')
    const templates = units.filter(isTemplate).map(name => `echo; ${templateScript(name)}`)
    const one = `for u in ${together}; do echo @; ${show} "$u" || echo LoadState=not-found; done`
    return [
      'set +e; if ! [ -d /run/systemd/system ]; then echo no-systemd >&2; exit 3; fi',
      ...(plain.length === 0
        ? []
        : [`if out=$(${show} ${together} 2>/dev/null); then printf '%s\\n' "$out"; else ${one}; fi`]),
      ...templates,
      'exit 0',
    ].join('\n')
  },
  parse(section, units) {
    if (section.code === 3 && errText(section).includes('no-systemd')) throw withoutSystemd()
    const blocks = readBlocks(outText(section))
    const plain = units.filter(name => !isTemplate(name))
    const ordered = [...plain, ...units.filter(isTemplate)]
    if (blocks.length !== units.length) throw badAnswer(units.join(', '), section, 'a unit is missing in it')
    const answers = new Map(ordered.map((name, i) => [name, readUnit(name, blocks[i]!, section)]))
    return units.map(name => answers.get(name)!)
  },
  predict: predictUnit,
}

function templateScript(name: string): string {
  const quoted = quote(name)
  return `s=$(systemctl is-enabled -- ${quoted} 2>/dev/null); p=$(systemctl cat -- ${quoted} 2>/dev/null | head -n 1)
if [ -n "$p" ]; then echo LoadState=loaded; else echo LoadState=not-found; fi
echo ActiveState=inactive; echo SubState=dead; echo "UnitFileState=$s"; echo "FragmentPath=\${p#\\# }"`
}

export function withoutSystemd(): Failure {
  return new Failure({
    code: 'unsupported',
    message: 'systemd is not running here, so its units can neither be seen nor changed',
    hint: 'use `command` with what this host starts its services by',
  })
}

function readBlocks(text: string): readonly ReadonlyMap<string, string>[] {
  const blocks = text.split(/^@?\n/m).filter(block => block.includes('='))
  return blocks.map(block => {
    const lines = block.split('\n').filter(line => line.includes('='))
    return new Map(lines.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]))
  })
}

function readUnit(name: string, block: ReadonlyMap<string, string>, section: Section): UnitAnswer {
  const load = block.get('LoadState')
  if (load === undefined || load === '') throw badAnswer(name, section)
  const enabled = block.get('UnitFileState') ?? ''
  // Units that are no services lack these, or have them empty.
  const number = (property: string) => wholeNumber(block.get(property) || '0', section, name)
  return {
    name,
    load,
    active: block.get('ActiveState') ?? 'inactive',
    sub: block.get('SubState') ?? 'dead',
    enabled: enabled === 'not-found' ? '' : enabled,
    masked: load === 'masked' || enabled.startsWith('masked'),
    mainPid: number('MainPID'),
    startedMonotonic: number('ExecMainStartTimestampMonotonic'),
    execMainStartTimestamp: block.get('ExecMainStartTimestamp') ?? '',
    restarts: number('NRestarts'),
    result: block.get('Result') ?? '',
    needDaemonReload: block.get('NeedDaemonReload') === 'yes',
    fragmentPath: block.get('FragmentPath') ?? '',
  }
}
