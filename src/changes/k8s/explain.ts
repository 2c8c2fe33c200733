import { type ObjectRef, shownObject } from '../../core/cluster-object.ts'
import type { Diagnostic } from '../../core/diagnostic.ts'
import { mask } from '../../core/secret.ts'
import { errText, type Section } from '../../core/section.ts'
import { quote } from '../../core/sh.ts'
import { withoutK3s } from '../node/explain.ts'

/** The exit code of a change that found its object otherwise than the plan. */
export const seenOtherwise = 91

/** Shell text that ends the change where kubectl prints anything but what the plan saw. */
export function guard(words: string, field: string, seen: string): string {
  return `PATH=$PATH:/usr/local/bin
now=$(k3s kubectl get ${words} -o 'jsonpath=${field}' --ignore-not-found --request-timeout=30s)
[ "$now" = ${quote(seen)} ] || exit ${seenOtherwise}`
}

export function explainChange(ref: ObjectRef, section: Section): Diagnostic {
  if (section.code !== seenOtherwise) return withoutK3s(section) ?? explainRefusal(ref, errText(section))
  return {
    code: 'changed-underneath',
    message: `somebody else changed ${shownObject(ref)} meanwhile`,
    hint: 'run it again: the next look decides',
  }
}

/** Why the server does not take an object, in its words, and what can be done. */
export function explainRefusal(ref: ObjectRef, text: string): Diagnostic {
  const cause = mask(text.trim()).slice(0, 1500)
  const what = shownObject(ref)
  if (/no matches for kind|doesn't have a resource type|could not find the requested resource/.test(text)) {
    return {
      code: 'unsupported',
      message: `the cluster has no kind ${ref.kind} in ${ref.apiVersion}`,
      hint: 'look for it in `k3s kubectl api-resources`; one of an operator comes with its CustomResourceDefinition, which must be applied first (wait: true)',
      cause,
    }
  }
  if (/namespaces "[^"]*" not found/.test(text)) {
    const hint = `make the namespace first: k8s with definition { apiVersion: v1, kind: Namespace, metadata: { name: ${ref.namespace ?? 'default'} } }`
    return { code: 'not-found', message: `${what} has no namespace to be in`, hint, cause }
  }
  if (/does not support dry run/.test(text)) {
    const hint =
      'its makers must declare sideEffects: None for that webhook; until then apply this object by kubectl, or take the webhook away'
    return { code: 'unsupported', message: `${what} cannot be tried beforehand: a webhook forbids it`, hint, cause }
  }
  if (/webhook/.test(text)) {
    const hint =
      'look at the pod of that webhook, or at its ValidatingWebhookConfiguration where nothing is behind it any more'
    return { code: 'refused', message: `a webhook of the cluster does not let ${what} in`, hint, cause }
  }
  if (/immutable|: Forbidden: updates to/.test(text)) {
    const hint =
      'leave these fields as they are, or delete it (state: absent) and let it be made anew: for a volume or claim, save what it holds first'
    return { code: 'refused', message: `${what} cannot be changed that way: a field is immutable`, hint, cause }
  }
  if (/is invalid|BadRequest|unknown field|strict decoding|cannot unmarshal|\(Invalid\)/.test(text)) {
    const hint = `correct the field that is named; \`k3s kubectl explain ${ref.kind.toLowerCase()}\` has them all`
    return { code: 'refused', message: `${what} is not valid`, hint, cause }
  }
  const hint = 'on the server: `systemctl status k3s`, and the same with `k3s kubectl apply --server-side`'
  return { code: 'change-failed', message: `the server does not take ${what}`, hint, cause }
}
