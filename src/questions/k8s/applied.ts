import { type ClusterObject, type ObjectRef, objectValue, shownObject } from '../../core/cluster-object.ts'
import { applyManifest } from '../../core/kubectl.ts'
import type { Question } from '../../core/question.ts'
import type { Text } from '../../core/secret.ts'
import type { Section } from '../../core/section.ts'
import { Unknown } from '../../core/unknown.ts'
import { badAnswer } from '../bad-answer.ts'
import type { QuestionKind } from '../kind.ts'
import { calls, isNoAnswer, noAnswer, readCalls, readObject, type Said } from './kubectl.ts'
import { alteredFirst, plannedObject } from './planned.ts'

export interface ManifestArg {
  readonly ref: ObjectRef
  /** The object as it is wished. */
  readonly definition: ClusterObject
  /** The same as JSON, with its secrets. */
  readonly manifest: Text
  /** SHA-256 of the manifest. */
  readonly digest: string
}

/** An object as an apply would leave it. */
export type AppliedAnswer =
  | { readonly state: 'made'; readonly object: ClusterObject }
  /** The server would not take it: what it said. */
  | { readonly state: 'refused'; readonly said: string }

const kind = 'k8s.applied'

/**
 * To be asked on the server, which tries the apply without keeping it (`--dry-run=server`): so defaults, quantities
 * written otherwise, what admission adds and what is immutable are decided by who decides them in the run.
 */
export function appliedObject(arg: ManifestArg): Question<AppliedAnswer> {
  return { kind, key: `${objectValue(arg.ref)}\0${arg.digest}`, arg }
}

export const appliedObjectKind: QuestionKind<ManifestArg, AppliedAnswer> = {
  kind,
  open: true,
  sh: args =>
    calls(
      args.map(({ ref, manifest }) => applyManifest(manifest, ref.namespace, '--dry-run=server --request-timeout=15s')),
    ),
  parse: (section, args) => {
    const said = readCalls(section, args.length, args.map(({ ref }) => shownObject(ref)).join(', '))
    return said.map((one, i) => read(one, args[i]!, section))
  },
  limit: args => args.length * 4 * 1024 * 1024,
  predict: (shadow, { ref, digest, definition }) => {
    const planned = plannedObject(shadow, ref)
    if (planned === undefined || planned instanceof Unknown) return planned
    if (planned.object === null) return { state: 'made', object: definition }
    return planned.object && planned.digest === digest ? { state: 'made', object: planned.object } : alteredFirst(ref)
  },
}

function read(said: Said, { ref }: ManifestArg, section: Section): AppliedAnswer {
  if (said.code !== 0) {
    if (isNoAnswer(said)) throw noAnswer(section, said)
    return { state: 'refused', said: said.complaint.trim().slice(-2000) }
  }
  const object = readObject(said.printed)
  if (object === undefined) throw badAnswer(`${shownObject(ref)} as an apply would leave it`, section)
  return { state: 'made', object }
}
