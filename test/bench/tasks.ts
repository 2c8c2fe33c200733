import { answerName, type Step } from './step.ts'

/** A task as a playbook has it. */
export type Task = Readonly<Record<string, unknown>>

/** The two dialects differ in one thing only: how a command says that it just looks. */
export type Dialect = 'ansible' | 'pitool'

export function tasksOf(steps: readonly Step[], dialect: Dialect): readonly Task[] {
  return steps.flatMap(step => tasksOfStep(step, dialect))
}

function tasksOfStep(step: Step, dialect: Dialect): readonly Task[] {
  if (step.kind === 'answer') return [look(step.command, answerName(step), dialect), answerTask(step)]
  return [{ name: nameOf(step), ...taskOf(step) }]
}

const look = (cmd: string, register: string, dialect: Dialect): Task => ({
  name: cmd,
  register,
  ...(dialect === 'pitool'
    ? { command: { cmd, readonly: true } }
    : { command: { cmd }, check_mode: false, changed_when: false }),
})

const answerTask = (step: Extract<Step, { kind: 'answer' }>): Task => ({
  name: `answer ${step.path}`,
  copy: { dest: step.path, content: `{{ ${answerName(step)}.stdout }}\n`, mode: '0644' },
})

const nameOf = (step: Exclude<Step, { kind: 'answer' }>) =>
  `${step.kind} ${'path' in step ? step.path : 'unit' in step ? step.unit : 'name' in step ? step.name : step.creates}`

function taskOf(step: Exclude<Step, { kind: 'answer' }>): Task {
  switch (step.kind) {
    case 'directory':
      return { file: { path: step.path, state: 'directory', mode: '0755' } }
    case 'file':
      return { copy: { src: step.name, dest: step.path, mode: '0644' } }
    case 'template':
      return { template: { src: step.name, dest: step.path, mode: '0644' } }
    case 'line':
      return { lineinfile: { path: step.path, line: step.line, create: true, mode: '0644' } }
    case 'group':
      return { group: { name: step.name, system: true } }
    case 'user':
      return { user: { name: step.name, group: step.group, system: true, create_home: false } }
    case 'service':
      return { systemd_service: { name: step.name, state: 'started', enabled: true, daemon_reload: false } }
    case 'mask':
      return { systemd_service: { name: step.unit, masked: true } }
    case 'package':
      return { apt: { name: step.name } }
    case 'link':
      return { file: { path: step.path, src: step.target, state: 'link' } }
    case 'command':
      return { command: { cmd: step.command, creates: step.creates } }
    case 'tree':
      return { copy: { src: `${step.name}/`, dest: `${step.path}/`, mode: '0644', directory_mode: '0755' } }
    case 'blob':
      return { copy: { src: step.name, dest: step.path, mode: '0644' } }
  }
}
