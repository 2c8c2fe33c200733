import { path } from '../gen/found.ts'
import { commandTask, shellTask } from '../gen/tasks.ts'
import { trialsOf } from '../gen/trials.ts'
import type { Cases } from './cases.ts'

const opaque = { mayFail: true } as const

export const command: Cases = { module: 'command', scratch: trialsOf(commandTask(path), opaque) }
export const shell: Cases = { module: 'shell', scratch: trialsOf(shellTask(path), opaque) }
