import { sharedKeywords } from './keywords.ts'
import type { Play } from './model.ts'
import { type Read, readBoolean, readNumber, readOneOf, readText, wrongType } from './read.ts'
import { keep } from './statement.ts'

type Size = Play['serial'][number]

const readSize: Read<Size> = (node, at) => {
  const value = node.kind === 'scalar' ? node.value : undefined
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value
  if (typeof value === 'string' && /^([1-9]\d?|100)%$/.test(value)) return value as `${number}%`
  return wrongType(node, at, 'a number of hosts, or a percentage', 'for example 2, or "30%"')
}

const readSerial: Read<readonly Size[]> = (node, at) => {
  const nodes = node.kind === 'list' ? node.items : [node]
  return nodes.map(item => readSize(item, at)).filter(size => size !== undefined)
}

const readPercentage: Read<number> = (node, at) => {
  const value = readNumber(0, false)(node, at)
  return value !== undefined && value > 100 ? wrongType(node, at, 'a percentage, at most 100') : value
}

/** What a play may say. */
export const playKeys = {
  ...sharedKeywords,
  name: keep,
  hosts: keep,
  vars_files: keep,
  roles: keep,
  pre_tasks: keep,
  tasks: keep,
  post_tasks: keep,
  handlers: keep,
  serial: readSerial,
  strategy: readOneOf('linear', 'free'),
  max_fail_percentage: readPercentage,
  force_handlers: readBoolean,
  confirm: readText,
  // Facts are asked for when a task reads them: this changes nothing, and is allowed for playbooks that have it.
  gather_facts: readBoolean,
} as const
