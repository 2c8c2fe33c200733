import type { Facet } from '../../core/change.ts'
import type { PredictedFile, Shadow } from '../../core/shadow.ts'
import { fileFootprint, foldFile } from './fold.ts'
import type { Put } from './write-script.ts'

/** Predicts a file that is written whole, and the copy of the old one beside it. */
export function foldPut(
  shadow: Shadow,
  { real, owner, group, kept, backup }: Put,
  { before, ...planned }: Pick<PredictedFile, 'text' | 'mode'> & { readonly before?: PredictedFile['text'] | null },
): void {
  if (backup !== undefined) foldFile(shadow, backup, { type: 'file', ...kept, ...(before ? { text: before } : {}) })
  const whose = { owner: owner ?? kept?.owner, group: group ?? kept?.group }
  foldFile(shadow, real, { type: 'file', ...planned, ...whose })
}

/** What will be otherwise about it: those of `wished` that are given and are not so already. */
export function putFacets(
  was: { readonly [name: string]: string | undefined },
  wished: { readonly [name: string]: string | undefined },
): readonly Facet[] {
  return Object.entries(wished).flatMap(([name, after]) =>
    after === undefined || after === was[name] ? [] : [{ name, before: was[name] ?? '', after }],
  )
}

export function putSummary({ path, kept }: Put): string {
  return `${kept ? 'write' : 'create'} ${path}`
}

export function putFootprint({ path, real, backup }: Put): readonly string[] {
  return fileFootprint([path, real, ...(backup === undefined ? [] : [backup])])
}
