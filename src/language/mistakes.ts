import type { Code } from '../core/codes.ts'
import { type Diagnostic, Mistake } from '../core/diagnostic.ts'
import { didYouMean } from '../core/did-you-mean.ts'
import type { Span } from '../core/span.ts'
import { describe } from './describe.ts'
import { isMap, member } from './member.ts'

/** What may follow the code and the message of a mistake. */
export interface Where {
  readonly span: Span
  readonly hint?: string | undefined
}

export function mistake(code: Code, message: string, { span, hint }: Where): Mistake {
  return new Mistake({ code, message, span, ...(hint === undefined ? {} : { hint }) })
}

/** One that the reader of a project's variables can make before any host is asked, too. */
export function undefinedVariable(name: string, names: Iterable<string>, { span, hint }: Where): Diagnostic {
  const near = hint === undefined ? didYouMean(name, names) : undefined
  const cure = near === undefined ? (hint ?? 'define it, or give a default') : `did you mean "${near}"?`
  return { code: 'undefined-variable', message: `"${name}" is not defined`, span, hint: cure }
}

/** Why a path leads nowhere: the first part that is missing, and what is there instead. */
export function missingMember(root: string, value: unknown, path: readonly (string | number)[]): Missing {
  let whole = value
  let name = root
  for (const key of path) {
    const part = member(whole, key)
    if (part === undefined) return explain(name, whole, key)
    whole = part
    name = pathText(name, [key])
  }
  return { message: `"${name}" is not defined`, hint: undefined }
}

interface Missing {
  readonly message: string
  readonly hint: string | undefined
}

const shown = 12

function explain(name: string, whole: unknown, key: string | number): Missing {
  if (Array.isArray(whole)) {
    const count = whole.length === 1 ? '1 item' : `${whole.length} items`
    return { message: `"${name}" has no item ${key}: it has ${count}`, hint: 'the first item is number 0' }
  }
  if (!isMap(whole)) return { message: `"${name}" has no "${key}": it is ${describe(whole)}`, hint: undefined }
  const keys = Object.keys(whole)
  const near = didYouMean(String(key), keys)
  if (near !== undefined) return { message: `"${name}" has no "${key}"`, hint: `did you mean "${near}"?` }
  const some = keys.slice(0, shown).join(', ') + (keys.length > shown ? ' …' : '')
  return { message: `"${name}" has no "${key}"`, hint: keys.length === 0 ? 'it is empty' : `it has: ${some}` }
}

export function pathText(root: string, path: readonly (string | number)[]): string {
  return path.reduce<string>((text, key) => text + (typeof key === 'number' ? `[${key}]` : `.${key}`), root)
}
