import fc, { type Arbitrary } from 'fast-check'
import type { Json, TaskText, Trial } from '../trial.ts'
import { entries, foundScript, name } from './found.ts'
import {
  blockTask,
  commandTask,
  copyTask,
  fileTask,
  lineTask,
  projectFiles,
  replaceTask,
  statTask,
  templateTask,
} from './tasks.ts'
import { place } from './trials.ts'

/** What ties tasks together: an earlier result decides, or is written; a change calls a handler. */
type Tie = 'none' | 'when changed' | 'unless changed' | 'when there' | 'tells' | 'notify' | 'loop'

const ties = fc.constantFrom<Tie>(
  'none',
  'none',
  'none',
  'when changed',
  'unless changed',
  'when there',
  'tells',
  'notify',
  'loop',
)

/** Those by which a second run does no more than the first: it finds other results. */
const calmTies = fc.constantFrom<Tie>('none', 'none', 'notify', 'loop')

const handlers: readonly TaskText[] = [
  { name: 'first', copy: { content: 'first\n', dest: '/law/first' }, notify: 'second' },
  { name: 'second', lineinfile: { path: '/law/second', line: 'second', create: true } },
]

/** Tasks over few paths, which may undo one another: their second run is their own affair. */
const anyTask: Arbitrary<TaskText> = fc.oneof(
  { weight: 4, arbitrary: copyTask(place) },
  { weight: 3, arbitrary: fileTask(place) },
  { weight: 3, arbitrary: lineTask(place) },
  { weight: 1, arbitrary: blockTask(place) },
  { weight: 1, arbitrary: replaceTask(place) },
  { weight: 2, arbitrary: templateTask(place) },
  { weight: 2, arbitrary: statTask(place) },
)

/** Wishes for shared files that all can come true together. */
const peacefulTask: Arbitrary<TaskText> = fc.oneof(
  fc
    .tuple(shared(), fc.constantFrom('p', 'q', 'r=1'))
    .map(([path, line]) => ({ lineinfile: { path, line, create: true } })),
  fc.tuple(shared(), fc.constantFrom('one', 'two')).map(([path, mark]) => ({
    blockinfile: { path, block: `in ${mark}`, marker: `# {mark} ${mark}`, create: true },
  })),
  shared().map(path => ({ copy: { content: 'only where nothing is\n', dest: path, force: false } })),
  shared().map(path => ({ file: { path, state: 'touch', mode: '0640' } })),
  fc
    .constantFrom('/law/x', '/law/x/y', '/law/x/y/z')
    .map(path => ({ file: { path, state: 'directory', mode: '2755' } })),
  fc.constantFrom('t.hbs', 'rows.hbs').map(src => ({
    template: { src, dest: `/law/rendered-${src}`, mode: '0600' },
    vars: { word: 'w', rows: ['r'] },
  })),
  fc
    .constantFrom('s', 't')
    .map(name => ({ file: { path: `/law/link-${name}`, src: `/law/${name}`, state: 'link', force: true } })),
  shared().map(path => ({ stat: { path } })),
)

function shared(): Arbitrary<string> {
  return fc.constantFrom('/law/s', '/law/t', '/law/x/u', '/law/via')
}

function playsOf(tasks: Arbitrary<TaskText>, ties: Arbitrary<Tie>, more: Partial<Trial>): Arbitrary<Trial> {
  const tied = fc.tuple(tasks, ties, fc.nat({ max: 5 }))
  // Few are long: what a play of thirty tasks shows, one of ten mostly shows too.
  const list = fc.oneof(
    { weight: 4, arbitrary: fc.array(tied, { minLength: 5, maxLength: 12 }) },
    { weight: 1, arbitrary: fc.array(tied, { minLength: 13, maxLength: 30 }) },
  )
  return fc.tuple(entries, list, blocksOf(more.fights === true)).map(([found, list, blocks]) => ({
    found: `${foundScript(found)}\nln -s s /law/via; mkdir /law/x`,
    tasks: inBlocks(
      blocks,
      list.map(([task, tie, back], i) => ({
        name: `task ${i}`,
        ...tiedBy(tie, { task, i, back }),
        register: `r${i}`,
        ignore_errors: true,
      })),
    ),
    handlers,
    files: projectFiles,
    ...more,
  }))
}

/** A block from its first task on; one that falls ends with a failure, and is rescued. */
interface Block {
  readonly from: number
  readonly length: number
  readonly falls: boolean
}

function blocksOf(mayFall: boolean): Arbitrary<readonly Block[]> {
  const block = fc.record({
    from: fc.nat({ max: 10 }),
    length: fc.integer({ min: 1, max: 4 }),
    falls: mayFall ? fc.integer({ min: 0, max: 4 }).map(n => n === 0) : fc.constant(false),
  })
  return fc.array(block, { maxLength: 2 })
}

function inBlocks(blocks: readonly Block[], tasks: readonly TaskText[]): readonly TaskText[] {
  const [block, ...more] = blocks
  if (!block || block.from >= tasks.length) return tasks
  const { from, length, falls } = block
  const inside = tasks.slice(from, from + length)
  const whole: TaskText = {
    name: `block at ${from}`,
    block: [...inside, ...(falls ? [{ name: 'falls', fail: { msg: 'as it must' } }] : [])],
    rescue: [{ name: 'rescued', copy: { content: 'rescued\n', dest: '/law/rescued' } }],
    always: [{ name: 'in the end', lineinfile: { path: '/law/always', line: `end ${from}`, create: true } }],
  }
  // The second block lies among the tasks after the first one.
  return [...tasks.slice(0, from), whole, ...inBlocks(more, tasks.slice(from + length))]
}

function tiedBy(tie: Tie, at: { task: TaskText; i: number; back: number }): TaskText {
  const { task, i, back } = at
  const earlier = `r${Math.max(0, i - 1 - back)}`
  if (tie === 'notify') return { ...task, notify: 'first' }
  if (tie === 'loop' && 'copy' in task) return { ...task, loop: ['1', '2'], copy: suffixed(task.copy, 'dest') }
  if (tie === 'loop' && 'lineinfile' in task)
    return { ...task, loop: ['1', '2'], lineinfile: suffixed(task.lineinfile, 'line') }
  if (i === 0 || tie === 'none' || tie === 'loop') return task
  if (tie === 'when changed') return { ...task, when: `${earlier}.changed` }
  if (tie === 'unless changed') return { ...task, when: `!${earlier}.changed` }
  if (tie === 'when there') return { ...task, when: `has(${earlier}.stat) && ${earlier}.stat.exists` }
  return { copy: { content: `${earlier} {{json ${earlier}.changed}}\n`, dest: `/law/told-${i}` } }
}

function suffixed(args: Json | undefined, key: string): Json {
  const all = args as { readonly [name: string]: Json }
  return { ...all, ...(typeof all[key] === 'string' ? { [key]: `${all[key]}{{item}}` } : {}) }
}

export const fighting = playsOf(anyTask, ties, { fights: true })
export const peaceful = playsOf(peacefulTask, calmTies, {})
export const opaque = playsOf(
  fc.oneof({ weight: 5, arbitrary: anyTask }, { weight: 1, arbitrary: commandTask(name.map(one => `/law/${one}`)) }),
  ties,
  { fights: true, mayFail: true },
)
