import { nodeValue } from '../../core/node-values.ts'
import type { Question } from '../../core/question.ts'
import { outText, type Section } from '../../core/section.ts'
import { quote } from '../../core/sh.ts'
import { Unknown } from '../../core/unknown.ts'
import { badAnswer } from '../bad-answer.ts'
import type { QuestionKind } from '../kind.ts'
import { noServer } from './nodes.ts'
import { type NodePod, readPods } from './read-pods.ts'

export type { NodePod } from './read-pods.ts'

const kind = 'k3s.pods'

/** The pods on a node, to be asked on the server. */
export function podsOf(node: string): Question<readonly NodePod[]> {
  return { kind, key: node, arg: node }
}

export const podsKind: QuestionKind<string, readonly NodePod[]> = {
  kind,
  open: true,
  sh: nodes => `
PATH=$PATH:/usr/local/bin
command -v k3s >/dev/null 2>&1 || { echo no-k3s >&2; exit 3; }
for node in ${nodes.map(quote).join(' ')}; do
  k3s kubectl get pods -A --field-selector "spec.nodeName=$node" -o json --request-timeout=15s || exit 4
  printf '\\000'
done`,
  parse: (section, nodes) => {
    const answers = read(section)
    if (answers.length !== nodes.length) throw badAnswer(`the pods of ${nodes.join(', ')}`, section)
    return answers
  },
  // A pod's description is some 10 kB.
  limit: nodes => nodes.length * 8 * 1024 * 1024,
  predict: (shadow, node, actual) => {
    const drained = shadow.values.get(nodeValue.drained(node))
    if (drained instanceof Unknown) return drained
    return drained === true ? actual?.filter(staysInDrain) : actual
  },
}

/** What a drain leaves where it is: pods of a DaemonSet would come back at once, those of files cannot be taken. */
export function staysInDrain(pod: NodePod): boolean {
  return pod.mirror || (pod.controller === 'DaemonSet' && !pod.finished)
}

/** As many as can be read. */
function read(section: Section): readonly (readonly NodePod[])[] {
  if (section.code !== 0) throw noServer(section)
  const texts = section.truncated ? [] : outText(section).split('\0').slice(0, -1)
  return texts.map(readPods).filter(pods => pods !== undefined)
}
