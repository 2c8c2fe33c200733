/** What YAML can say. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json | undefined }

/** A task as a playbook has it: keywords and one module. */
export type TaskText = { readonly [keyword: string]: Json | undefined }

/**
 * One try of the laws: a state that is found, and a play that meets it. Plain data, so that a failure can be read and
 * replayed. `/law` stands for the folder that the world gives to the trial, in all of its texts.
 */
export interface Trial {
  /** Shell text that makes the state that is found; it runs as the user whom tasks act as. */
  readonly found: string
  /** The same for the server of the cluster, before it. */
  readonly served?: string
  readonly tasks: readonly TaskText[]
  readonly handlers?: readonly TaskText[]
  /** The project's own files, by path: `files/a`, `templates/b.j2`. */
  readonly files?: { readonly [path: string]: string }
  /** Texts that are secrets of the run, by the variable that holds them. */
  readonly secrets?: { readonly [variable: string]: string }
  /** Groups of the inventory beside the one host that the play is about. */
  readonly groups?: { readonly [group: string]: readonly string[] }
  /** Names of tasks that change something at every run, as a plain command does. */
  readonly always?: readonly string[]
  /** Paths that commands of the play alter beside what they are seen to. */
  readonly touches?: readonly string[]
  /** Its tasks undo one another: a second run does it all again. */
  readonly fights?: boolean
  /** What only carrying can tell may fail: a command, a validation. */
  readonly mayFail?: boolean
  /** The trials of which it is put together, where it is. */
  readonly parts?: readonly Part[]
}

/** What of a play is the trial of one module. */
export interface Part {
  readonly module: string
  readonly folder: string
  /** Its tasks begin with it. */
  readonly prefix: string
  /** Its tasks that fail by its own wish. */
  readonly failing: readonly string[]
  readonly secret: boolean
}

/** The same with the world's own folder in all of its texts. */
export function placed<T>(value: T, root: string): T {
  return mapTexts(value, text => text.replace(/(?<![\w./-])\/law(?![\w.-])/g, () => root)) as T
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map(one => mapTexts(one, map))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, mapTexts(part, map)]))
}
