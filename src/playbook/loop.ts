import type { Span } from '../core/span.ts'
import type { Node } from '../language/node.ts'
import { readExpressions, readNumberOrTemplate, readTemplate, readTree } from './compile.ts'
import type { Loop, Until } from './model.ts'
import type { Problems } from './problems.ts'
import { hasTemplate, readNumber, readVariableName, wrongType } from './read.ts'
import { asMap, type Keys, readExactly } from './read-keys.ts'
import { keep } from './statement.ts'

export const loopKeys = { loop: keep, loop_control: keep } as const

const controls = {
  loop_var: readVariableName,
  index_var: readVariableName,
  label: readTemplate,
  pause: readNumber(0, false),
} as const

/** The loop of a task; undefined where it has none. */
export function readLoop({ values, spans }: Keys<typeof loopKeys>, problems: Problems): Loop | undefined {
  const { loop, loop_control: control } = values
  if (!loop) {
    if (control) {
      const hint = 'add `loop:`, or take it out'
      problems.add({ code: 'missing-key', message: "'loop_control' without a 'loop'", span: spans.loop_control, hint })
    }
    return undefined
  }
  const items = itemsOf(loop, problems)
  const map = control && asMap(control, { problems, where: "'loop_control'" })
  const settings = map ? readExactly(map, controls, { problems, where: "'loop_control'" }).values : {}
  return items && { loop_var: 'item', ...settings, items }
}

function itemsOf(node: Node, problems: Problems) {
  const at = { problems, what: 'loop' }
  if (node.kind === 'list' || hasTemplate(node)) return readTree(node, at)
  const name = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : undefined
  return wrongType(node, at, 'a list', name === undefined ? undefined : `for a variable write "{{${name}}}"`)
}

export const untilKeys = {
  until: readExpressions,
  retries: readNumberOrTemplate(0),
  delay: readNumberOrTemplate(0, false),
} as const

/** How often and until when a task is tried again: Ansible's three times, five seconds apart. */
export function readUntil({ values, spans }: Keys<typeof untilKeys>, problems: Problems): Until | undefined {
  const { until, retries, delay } = values
  if (until === undefined && retries === undefined) {
    if (delay !== undefined) lonely('delay', spans.delay, problems)
    return undefined
  }
  return { ...(until ? { until } : {}), retries: retries ?? 3, delay: delay ?? 5 }
}

function lonely(key: string, span: Span | undefined, problems: Problems): void {
  const message = `'${key}' without 'until' or 'retries'`
  problems.add({ code: 'missing-key', message, span, hint: 'add `until:`, or take it out' })
}
