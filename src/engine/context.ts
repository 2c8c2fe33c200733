import type PQueue from 'p-queue'
import type { Event, TaskRef } from '../core/event.ts'
import type { Module } from '../core/module.ts'
import type { Handler, Play, Project, Task } from '../playbook/model.ts'
import type { Deps, RunOptions } from './deps.ts'
import type { HostState } from './host.ts'
import type { Kinds } from './site.ts'

/** What holds for a whole run. */
export interface RunContext {
  readonly project: Project
  readonly deps: Deps
  readonly options: RunOptions
  readonly kinds: Kinds
  readonly modules: ReadonlyMap<string, Module>
  readonly hosts: ReadonlyMap<string, HostState>
  /** Steps, not hosts: one that waits at a barrier holds no slot. */
  readonly forks: PQueue
  /** One step at a time on one host, whoever delegates to it. */
  readonly turns: ReadonlyMap<string, PQueue>
  emit(event: Event): void
  nextTask(): number
  /** Tasks whose changes are being carried at this moment. */
  readonly changing: Map<HostState, TaskRef>
  /** Changes carried so far, anywhere. */
  readonly carried: { count: number }
}

/** What holds for one batch of one play. */
export interface BatchContext extends RunContext {
  readonly play: Play
  readonly batch: readonly HostState[]
  /** The play's handlers, and those that includes bring. */
  readonly handlers: Handler[]
  /** The play's tasks that notify, and those that includes bring. */
  readonly notifiers: Task[]
  /** `run_once` and barriers span these; with the free strategy each host walks alone. */
  readonly stopped: { reason: string | undefined }
}
