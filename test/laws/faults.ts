import type { FileAttrs } from '../../src/changes/file-attrs.ts'
import type { FileWrite } from '../../src/changes/file-write.ts'
import type { ChangeKind } from '../../src/changes/kind.ts'
import type { UserSet } from '../../src/changes/user-set.ts'
import type { Change } from '../../src/core/change.ts'
import type { Module } from '../../src/core/module.ts'
import { reveal } from '../../src/core/secret.ts'
import type { Section } from '../../src/core/section.ts'
import { quote } from '../../src/core/sh.ts'
import type { FileAnswer, FileArg } from '../../src/questions/file.ts'
import type { QuestionKind } from '../../src/questions/kind.ts'
import { type Parts, realParts } from './play.ts'
import type { Law } from './rules/rule.ts'

/** A mistake as somebody might make it, and the law that must find it out. */
export interface Fault {
  readonly name: string
  readonly breaks: Law
  /** Parts of one run; a fault may remember. */
  plant(root: string): Parts
}

export const faults: readonly Fault[] = [
  {
    name: 'a write in a question',
    breaks: 'L1',
    plant: root => inQuestion('file', { sh: kind => args => `${kind.sh(args)}\n: >>${quote(`${root}/seen`)}` }),
  },
  {
    name: 'a question that touches what it looks at, content unchanged',
    breaks: 'L1',
    plant: root => inQuestion('file', { sh: kind => args => `${kind.sh(args)}\ntouch ${quote(root)}` }),
  },
  {
    name: 'a diff that lies about the new content',
    breaks: 'said',
    plant: () =>
      inChange<FileWrite>('file.write', kind => ({
        ...kind,
        diff: change => ({ ...kind.diff(change), after: 'something else\n' }),
      })),
  },
  {
    name: 'a diff that lies about the mode',
    breaks: 'said',
    plant: () =>
      inChange<FileWrite>('file.write', kind => ({
        ...kind,
        diff: change => ({ ...kind.diff(change), facets: [{ name: 'mode', before: '', after: '0000' }] }),
      })),
  },
  {
    name: 'a change that does more than it says',
    breaks: 'said',
    plant: root =>
      inChange<FileWrite>('file.write', kind => ({
        ...kind,
        carry: change => ({
          ...kind.carry(change),
          script: `${kind.carry(change).script}\necho x >${quote(`${root}/more`)}`,
        }),
      })),
  },
  {
    name: 'a change that loosens the mode',
    breaks: 'said',
    plant: () =>
      inChange<FileWrite>('file.write', kind => ({
        ...kind,
        carry: change => ({
          ...kind.carry(change),
          script: `${kind.carry(change).script}\nchmod 0777 ${quote(change.real)}`,
        }),
      })),
  },
  {
    name: 'a change that does nothing',
    breaks: 'L3',
    plant: () => inChange<FileAttrs>('file.attrs', kind => ({ ...kind, carry: () => ({ script: ':' }) })),
  },
  {
    name: 'a plan that never comes to rest',
    breaks: 'L3',
    plant: () =>
      inModule('lineinfile', module => ({
        ...module,
        *plan(args, ctx) {
          const plan = yield* module.plan(args, ctx)
          return plan.failed ? plan : { ...plan, result: { ...plan.result, changed: true } }
        },
      })),
  },
  {
    name: 'a question that overlooks a line',
    breaks: 'L3',
    plant: () => inQuestion('file', { answer: overlooking }),
  },
  {
    name: 'a plan that knows whether it is a check',
    breaks: 'L2',
    plant: () => {
      let plans = 0
      return inModule('lineinfile', module => ({
        ...module,
        *plan(args, ctx) {
          const plan = yield* module.plan(args, ctx)
          return plans++ === 0 ? { ...plan, changes: [], result: { ...plan.result, changed: false } } : plan
        },
      }))
    },
  },
  {
    name: 'a fold that foretells another content',
    breaks: 'L2',
    plant: () =>
      inChange<FileWrite>('file.write', kind => ({
        ...kind,
        fold: (shadow, change) => kind.fold(shadow, { ...change, text: `${reveal(change.text as string)}\n` }),
      })),
  },
  {
    name: 'a fold that forgets the mode',
    breaks: 'L2',
    plant: () =>
      inChange<FileAttrs>('file.attrs', kind => ({
        ...kind,
        fold: (shadow, change) => kind.fold(shadow, { ...change, mode: undefined }),
      })),
  },
  {
    name: 'a fold that foretells nothing',
    breaks: 'L2',
    plant: () => inChange<FileWrite>('file.write', kind => ({ ...kind, fold: () => undefined })),
  },
  {
    name: 'a stale answer',
    breaks: 'L2',
    plant: () => {
      const old = new Map<string, FileAnswer>()
      const remembered = (answer: FileAnswer, arg: FileArg) => {
        const key = JSON.stringify(arg)
        if (!old.has(key)) old.set(key, answer)
        return old.get(key)!
      }
      return inQuestion('file', { answer: remembered })
    },
  },
  {
    name: 'a footprint that leaves out what is changed',
    breaks: 'L2',
    plant: () => inChange<Change>('file.write', kind => ({ ...kind, footprint: () => [] })),
  },
  {
    name: 'a secret in a diff',
    breaks: 'L5',
    plant: () =>
      inChange<FileWrite>('file.write', kind => ({
        ...kind,
        diff: change => ({ ...kind.diff(change), after: reveal(change.text as string) }),
      })),
  },
  {
    name: 'a secret in a result',
    breaks: 'L5',
    plant: () =>
      inModule('copy', module => ({
        ...module,
        *plan(args, ctx) {
          const plan = yield* module.plan(args, ctx)
          const { content } = args as { readonly content?: string }
          return { ...plan, result: { ...plan.result, was: content === undefined ? '' : reveal(content) } }
        },
      })),
  },
  {
    name: 'a secret in a file beside its destination',
    breaks: 'L5',
    plant: root =>
      inChange<FileWrite>('file.write', kind => ({
        ...kind,
        carry: change => ({
          ...kind.carry(change),
          script: `${kind.carry(change).script}\ncp ${quote(change.real)} ${quote(`${root}/copied`)}`,
        }),
      })),
  },
]

function overlooking(answer: FileAnswer): FileAnswer {
  return answer.text === undefined ? answer : { ...answer, text: answer.text.replace('last\n', '') }
}

interface Altered {
  sh?(kind: QuestionKind<FileArg, FileAnswer>): (args: readonly FileArg[]) => string
  answer?(answer: FileAnswer, arg: FileArg): FileAnswer
  parse?(kind: QuestionKind<FileArg, FileAnswer>): (section: Section, args: readonly FileArg[]) => readonly FileAnswer[]
}

/** Those that plans show by themselves, with the module in which they do. */
export const planFaults: readonly (Fault & { readonly module: string })[] = [
  {
    name: 'a plan that is another one each time',
    module: 'group',
    breaks: 'L2',
    plant: () => {
      let plans = 0
      return inModule('group', module => ({
        ...module,
        *plan(args, ctx) {
          const plan = yield* module.plan(args, ctx)
          return { ...plan, result: { ...plan.result, plans: plans++ } }
        },
      }))
    },
  },
  {
    name: 'a fold that foretells no account',
    module: 'group',
    breaks: 'L3',
    plant: () => inChange<Change>('group.set', kind => ({ ...kind, fold: () => undefined })),
  },
  {
    name: 'a hash in a diff',
    module: 'user',
    breaks: 'L5',
    plant: () =>
      inChange<UserSet>('user.set', kind => ({
        ...kind,
        diff: change => ({ ...kind.diff(change), after: reveal(change.password ?? '') }),
      })),
  },
]

export function inQuestion(name: string, { sh, answer, parse }: Altered): Parts {
  const questions = realParts.questions.map(kind => {
    if (kind.kind !== name) return kind
    const file = kind as QuestionKind<FileArg, FileAnswer>
    const altered: QuestionKind<FileArg, FileAnswer> = {
      ...file,
      sh: sh?.(file) ?? (args => file.sh(args)),
      parse:
        parse?.(file) ?? ((section, args) => file.parse(section, args).map((one, i) => answer?.(one, args[i]!) ?? one)),
    }
    return altered as QuestionKind
  })
  return { ...realParts, questions }
}

export function inChange<C extends Change>(name: string, alter: (kind: ChangeKind<C>) => ChangeKind<C>): Parts {
  const changes = realParts.changes.map(kind =>
    kind.kind === name ? (alter(kind as unknown as ChangeKind<C>) as unknown as ChangeKind) : kind,
  )
  return { ...realParts, changes }
}

export function inModule(name: string, alter: (module: Module) => Module): Parts {
  return { ...realParts, modules: realParts.modules.map(module => (module.name === name ? alter(module) : module)) }
}
