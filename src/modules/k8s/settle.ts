import { type ObjectRef, shownObject } from '../../core/cluster-object.ts'
import { Failure } from '../../core/diagnostic.ts'
import type { Settle, Settled } from '../../core/module.ts'
import { type Asking, askAll, on } from '../../core/question.ts'
import { clusterObject, type ObjectAnswer } from '../../questions/k8s/object.ts'
import { unready } from './ready.ts'

export interface Waited {
  readonly refs: readonly ObjectRef[]
  readonly server: string
  readonly within: number
}

/** All of them are there and do what they are for. */
export function settlePresent(waited: Waited): Settle {
  return waitFor(waited, 'to be ready', answer => {
    if (answer.state !== 'found') return { why: 'it is not there', hint: 'something took it away: look who deletes it' }
    return unready(answer.object)
  })
}

/** All of them are gone, which a finalizer can hold up. */
export function settleAbsent(waited: Waited): Settle {
  const hint = 'see what holds it: metadata.finalizers; a volume claim is kept while a pod uses it'
  return waitFor(waited, 'to be gone', answer =>
    answer.state === 'found' ? { why: 'it is still there', hint } : undefined,
  )
}

type Judge = (answer: ObjectAnswer) => { readonly why: string; readonly hint: string } | undefined

function waitFor({ refs, server, within }: Waited, what: string, judge: Judge): Settle {
  const names = refs.map(shownObject).join(', ')
  return {
    what: `${names} ${what}`,
    within,
    *look({ last }): Asking<Settled> {
      const answers = yield* askAll(...refs.map(ref => on(server, clusterObject(ref))))
      const open = answers.flatMap((answer, i) => {
        const found = judge(answer)
        return found === undefined ? [] : [{ ...found, name: shownObject(refs[i]!) }]
      })
      const first = open[0]
      if (first === undefined) return { done: true }
      if (!last) return { waiting: `${first.name}: ${first.why}` }
      const message = open.map(({ name, why }) => `${name}: ${why}`).join('; ')
      throw new Failure({ code: 'wait-timeout', message: `not so within ${within} s: ${message}`, hint: first.hint })
    },
  }
}
