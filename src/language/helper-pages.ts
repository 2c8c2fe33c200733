import { helpers } from './helpers.ts'
import { specials } from './template/special.ts'

/** What the manual says of one helper. */
export interface HelperPage {
  readonly name: string
  readonly usage: string
  readonly summary: string
}

/** Every helper of templates, by name. */
export function helperPages(): readonly HelperPage[] {
  const pages = [...specials.values(), ...helpers.values()].map(({ name, usage, summary }) => ({
    name,
    usage,
    summary,
  }))
  return pages.sort((a, b) => (a.name < b.name ? -1 : 1))
}
