/** What a workload asks for, said once; each contender has its own words for it. */
export type Step =
  | { readonly kind: 'directory'; readonly path: string }
  /** `name` is the file's name in the project's `files/`. */
  | { readonly kind: 'file'; readonly path: string; readonly name: string; readonly text: string }
  /** The text holds `{{ inventory_hostname }}`, which Jinja and Handlebars read alike. */
  | { readonly kind: 'template'; readonly path: string; readonly name: string; readonly text: string }
  | { readonly kind: 'line'; readonly path: string; readonly line: string }
  | { readonly kind: 'group'; readonly name: string }
  | { readonly kind: 'user'; readonly name: string; readonly group: string }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'mask'; readonly unit: string }
  | { readonly kind: 'package'; readonly name: string }
  | { readonly kind: 'link'; readonly path: string; readonly target: string }
  /** A command that only looks, and a file with what it said. */
  | { readonly kind: 'answer'; readonly path: string; readonly command: string }
  | { readonly kind: 'command'; readonly command: string; readonly creates: string }
  /** A folder of many small files. */
  | { readonly kind: 'tree'; readonly path: string; readonly name: string; readonly count: number }
  /** One file of random bytes. */
  | { readonly kind: 'blob'; readonly path: string; readonly name: string; readonly megabytes: number }

export type StepOf<Kind extends Step['kind']> = Extract<Step, { readonly kind: Kind }>

/** The variable in which the answer of a command lies. */
export const answerName = (step: StepOf<'answer'>) => `answer_of_${step.path.replace(/\W+/g, '_')}`
