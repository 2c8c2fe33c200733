import { type ClusterObject, type ObjectRef, objectValue, shownObject } from '../../core/cluster-object.ts'
import { objectWords } from '../../core/kubectl.ts'
import type { Question } from '../../core/question.ts'
import type { Section } from '../../core/section.ts'
import { Unknown } from '../../core/unknown.ts'
import { badAnswer } from '../bad-answer.ts'
import type { QuestionKind } from '../kind.ts'
import { calls, isNoAnswer, noAnswer, readCalls, readObject, type Said } from './kubectl.ts'
import { alteredFirst, plannedObject } from './planned.ts'

/** An object as it is in the cluster now. */
export type ObjectAnswer =
  | { readonly state: 'found'; readonly object: ClusterObject }
  | { readonly state: 'absent' }
  /** The server has no such kind: what it said. */
  | { readonly state: 'no-kind'; readonly said: string }

const kind = 'k8s.object'

/** To be asked on the server. */
export function clusterObject(ref: ObjectRef): Question<ObjectAnswer> {
  return { kind, key: `${objectValue(ref)}\0${ref.apiVersion}`, arg: ref }
}

export const clusterObjectKind: QuestionKind<ObjectRef, ObjectAnswer> = {
  kind,
  open: true,
  sh: refs =>
    calls(refs.map(ref => `k3s kubectl get ${objectWords(ref)} -o json --ignore-not-found --request-timeout=15s`)),
  parse: (section, refs) => {
    const said = readCalls(section, refs.length, refs.map(shownObject).join(', '))
    return said.map((one, i) => read(one, refs[i]!, section))
  },
  limit: refs => refs.length * 4 * 1024 * 1024,
  predict: (shadow, ref) => {
    const planned = plannedObject(shadow, ref)
    if (planned === undefined || planned instanceof Unknown) return planned
    if (planned.object === undefined) return alteredFirst(ref)
    return planned.object === null ? { state: 'absent' } : { state: 'found', object: planned.object }
  },
}

function read(said: Said, ref: ObjectRef, section: Section): ObjectAnswer {
  const { code, complaint, printed } = said
  if (code === 0 && printed.trim() === '') return { state: 'absent' }
  if (/doesn't have a resource type|no matches for kind|could not find the requested resource/.test(complaint)) {
    return { state: 'no-kind', said: complaint.trim().slice(-1000) }
  }
  if (code !== 0 || isNoAnswer(said)) throw noAnswer(section, said)
  const object = readObject(printed)
  if (object === undefined) throw badAnswer(shownObject(ref), section)
  return { state: 'found', object }
}
