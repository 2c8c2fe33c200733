import { path } from '../gen/found.ts'
import { blockTask, copyTask, fileTask, lineTask, replaceTask, statTask, templateTask } from '../gen/tasks.ts'
import { editsOf, place, trialsOf } from '../gen/trials.ts'
import type { Cases } from './cases.ts'

export const copy: Cases = { module: 'copy', scratch: editsOf(copyTask(place)) }
export const template: Cases = { module: 'template', scratch: editsOf(templateTask(place)) }
export const file: Cases = { module: 'file', scratch: trialsOf(fileTask(place)) }
export const lineinfile: Cases = { module: 'lineinfile', scratch: editsOf(lineTask(path)) }
export const blockinfile: Cases = { module: 'blockinfile', scratch: editsOf(blockTask(path)) }
export const replace: Cases = { module: 'replace', scratch: editsOf(replaceTask(path)) }
export const stat: Cases = { module: 'stat', scratch: trialsOf(statTask(place)), readOnly: true }
