import fc, { type Arbitrary } from 'fast-check'
import type { TaskText, Trial } from '../trial.ts'

/** A word that flows through a play: by its variable in templates, or as an expression. */
export const sources = {
  known: { template: '{{word}}', expression: 'word' },
  /** What a command will print, only a run can tell. */
  unknown: { template: '{{u.stdout}}', expression: 'u.stdout' },
  secret: { template: '{{secret}}', expression: 'secret' },
} as const

export type Source = keyof typeof sources

/** Ways on which a value reaches a task; the last task of each is called `end`. */
export const ways: { readonly [name: string]: (source: Source) => readonly TaskText[] } = {
  register: source => [
    { name: 'kept', set_fact: { f: sources[source].template } },
    { name: 'end', copy: { content: '{{f}}\n', dest: '/law/register' } },
  ],
  'a template of templates': source => [
    {
      name: 'end',
      copy: { content: '{{outer}}\n', dest: '/law/template' },
      vars: { inner: sources[source].template, middle: '{{inner}}', outer: '{{middle}}' },
    },
  ],
  loop: source => [
    { name: 'end', copy: { content: '{{item}}\n', dest: '/law/loop' }, loop: [sources[source].template] },
  ],
  when: source => [
    { name: 'end', copy: { content: 'x\n', dest: '/law/when' }, when: `${sources[source].expression} != "no"` },
  ],
  changed_when: source => [
    {
      name: 'end',
      command: { argv: ['true'], readonly: true },
      changed_when: `${sources[source].expression} != "no"`,
    },
  ],
  'failed_when and what comes of it': source => [
    {
      name: 'tried',
      command: { argv: ['true'], readonly: true },
      failed_when: `${sources[source].expression} == "no"`,
      register: 'tried',
    },
    { name: 'end', copy: { content: 'x\n', dest: '/law/failed' }, when: '!tried.failed' },
  ],
  notify: source => [
    {
      name: 'told',
      command: { argv: ['true'], readonly: true },
      changed_when: `${sources[source].expression} != "no"`,
      notify: 'end',
    },
  ],
}

/** What `notify` calls. */
export const handlers: readonly TaskText[] = [{ name: 'end', copy: { content: 'x\n', dest: '/law/notified' } }]

export const hidden = 'canary-7d1f03'

export function flowOf(source: Source, way: readonly TaskText[]): Trial {
  // A command may alter anything: what comes after it is an assumption.
  const told = JSON.stringify(way).includes('u.stdout')
  return {
    found: 'printf yes >/law/in',
    tasks: [
      ...(told ? [{ name: 'source', command: { argv: ['cat', '/law/in'] }, register: 'u', changed_when: false }] : []),
      ...way.map(task => ({ ...task, vars: { word: 'yes', ...vars(task) } })),
    ],
    handlers,
    ...(source === 'secret' ? { secrets: { secret: hidden } } : {}),
    touches: [],
    // What is Unknown in a check is so in the last one as well.
    fights: true,
  }
}

function vars({ vars = {} }: TaskText): { readonly [name: string]: string } {
  return vars as { readonly [name: string]: string }
}

/** Several values on several ways through one play. */
export const flows: Arbitrary<Trial> = fc
  .array(fc.tuple(fc.constantFrom<Source>('known', 'unknown', 'secret'), fc.constantFrom(...Object.keys(ways))), {
    minLength: 2,
    maxLength: 5,
  })
  .map(list => {
    const tasks = list.flatMap(([source, way], i) =>
      ways[way]!(source).map(task => ({
        ...(JSON.parse(JSON.stringify(task).replaceAll('/law/', `/law/${i}-`)) as TaskText),
        name: `${i} ${source} by ${way}: ${String(task.name)}`,
      })),
    )
    return flowOf('secret', tasks)
  })
