import type { Question } from '../core/question.ts'
import type { Text } from '../core/secret.ts'
import type { QuestionKind } from './kind.ts'

/** A file of the control side, looked up as Ansible does; a missing one is the engine's own failure. */
export interface LocalFile {
  /** Absolute. */
  readonly path: string
  readonly type: 'file' | 'directory' | 'other'
  /** Four octal digits. */
  readonly mode: string
  readonly size: number
  /** SHA-256 in hex, of files. */
  readonly digest?: string | undefined
  /** Of files up to 1 MiB. */
  readonly bytes?: Uint8Array | undefined
}

export interface LocalEntry {
  /** Relative to the folder asked about, with `/`. */
  readonly path: string
  readonly type: 'file' | 'directory' | 'link' | 'other'
  readonly mode: string
  /** Of links. */
  readonly target?: string | undefined
}

export interface LocalTree {
  /** Absolute. */
  readonly path: string
  /** All below it, folders before what is in them, sorted. */
  readonly entries: readonly LocalEntry[]
}

export interface LocalArg {
  readonly path: string
}

export function localFile(path: string): Question<LocalFile> {
  return { kind: 'local.file', key: path, arg: { path } satisfies LocalArg }
}

export function localTree(path: string): Question<LocalTree> {
  return { kind: 'local.tree', key: path, arg: { path } satisfies LocalArg }
}

/** A template of the project, rendered in the task's own scope. */
export function localTemplate(src: string): Question<Text> {
  return { kind: 'local.template', key: src, arg: { path: src } satisfies LocalArg }
}

export const localFileKind = controlKind<LocalFile>('local.file')
export const localTreeKind = controlKind<LocalTree>('local.tree')
export const localTemplateKind = controlKind<Text>('local.template')

function controlKind<Ans>(kind: string): QuestionKind<LocalArg, Ans> {
  const notSent = (): never => {
    throw new Error(`${kind} is answered on the control side`)
  }
  return { kind, control: true, sh: notSent, parse: notSent }
}
