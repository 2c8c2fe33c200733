import type { Asking } from '../core/question.ts'
import { Unknown } from '../core/unknown.ts'
import { askTogether } from './ask.ts'
import type { Site } from './site.ts'

/** What a generator came to: its result, or the Unknown that made going on senseless. */
export type Driven<Result> = { readonly result: Result; readonly assumed?: string | undefined } | Unknown

/** Hands a generator its answers until it returns. An Unknown answer ends it: modules never see one. */
export async function drive<Result>(site: Site, asking: Asking<Result>): Promise<Driven<Result>> {
  let assumed: string | undefined
  let step = asking.next([])
  while (!step.done) {
    const answers = await askTogether(site, step.value)
    assumed ??= answers.assumed
    const unknown = answers.values.find(value => value instanceof Unknown)
    if (unknown instanceof Unknown) {
      asking.return(undefined as never)
      return unknown
    }
    step = asking.next(answers.values)
  }
  return { result: step.value, assumed }
}
