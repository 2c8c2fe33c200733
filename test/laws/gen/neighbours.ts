import fc, { type Arbitrary } from 'fast-check'
import type { Json, TaskText, Trial } from '../trial.ts'

/** Few names, so that tasks meet: plain ones, two of one file, ways through links, a folder that is not empty. */
const place = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 7 }).map(i => `/law/n${i}`) },
  { weight: 1, arbitrary: fc.constantFrom('/law/h1', '/law/h2') },
  { weight: 2, arbitrary: fc.constantFrom('/law/via/a', '/law/via/b', '/law/d/a', '/law/e/a') },
)

const mode = fc.constantFrom('0600', '0644', '4755')
const content = fc.constantFrom('old\n', 'new\n', 'a\nb\n')

const single: Arbitrary<TaskText> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(place, content).map(([dest, content]) => ({ copy: { dest, content } })) },
  { weight: 2, arbitrary: fc.tuple(place, mode).map(([path, mode]) => ({ file: { path, mode } })) },
  // The host is the control side: what is sent may have been written a moment ago.
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom('/law/n0', '/law/n2', '/law/n4'), place)
      .map(([src, dest]) => ({ copy: { src, dest } })),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(place, fc.constantFrom('p', 'q')).map(([path, line]) => ({
      lineinfile: { path, line, create: true },
    })),
  },
  { weight: 2, arbitrary: place.map(path => ({ file: { path, state: 'absent' } })) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('d', 'e').map(src => ({ file: { path: '/law/way', src, state: 'link', force: true } })),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(place, place).map(([path, src]) => ({ file: { path, src, state: 'hard', force: true } })),
  },
  { weight: 1, arbitrary: place.map(path => ({ stat: { path } })) },
  // Only carrying it tells that this cannot be.
  { weight: 1, arbitrary: fc.constant({ file: { path: '/law/full', src: 'n0', state: 'link', force: true } }) },
)

const names = fc.array(
  fc.oneof(
    fc.nat({ max: 9 }).map(i => `n${i}`),
    fc.constant('full'),
  ),
  { maxLength: 5 },
)
const looped: Arbitrary<TaskText> = fc.oneof(
  fc.tuple(names, content).map(([loop, content]) => ({ copy: { dest: '/law/{{item}}', content }, loop: [...loop] })),
  names.map(loop => ({ file: { path: '/law/{{item}}', src: 'd', state: 'link', force: true }, loop: [...loop] })),
  fc.constant({ copy: { dest: '/law/n1', content: 'x' }, loop: '{{inventory_hostname}}' }),
)

const included: Arbitrary<TaskText> = fc.constant({ include_tasks: 'more.yml', loop: ['n1', 'n8', 'n9'] })
const more = {
  'more.yml': JSON.stringify([
    { name: 'included', copy: { dest: '/law/{{item}}', content: 'included\n' } },
    { name: 'line in included', lineinfile: { path: '/law/included', line: '{{item}}', create: true } },
  ]),
}

const keywords = fc.record(
  {
    ignore_errors: fc.constant(true),
    notify: fc.constantFrom('one', 'two'),
    when: fc.constantFrom('false', 'true'),
    register: fc.constantFrom('r', 's'),
    changed_when: fc.constant(false),
    no_log: fc.constant(true),
  },
  { requiredKeys: [] },
)

const task: Arbitrary<TaskText> = fc.oneof(
  { weight: 8, arbitrary: tied(single) },
  { weight: 3, arbitrary: tied(looped) },
  { weight: 1, arbitrary: included },
)

function tied(tasks: Arbitrary<TaskText>): Arbitrary<TaskText> {
  const often = fc.oneof(
    { weight: 2, arbitrary: fc.constant({ ignore_errors: true }) },
    { weight: 3, arbitrary: keywords },
  )
  return fc.tuple(tasks, often).map(([task, keywords]) => ({ ...task, ...keywords }))
}

const block: Arbitrary<TaskText> = fc
  .tuple(few(), few(), few())
  .map(([inside, rescue, always]) => ({ block: inside, rescue, always }))

function few() {
  return fc.array(task, { minLength: 1, maxLength: 3 })
}

const edit: Arbitrary<TaskText> = fc.oneof(
  fc.constantFrom('p', 'q', 'old').map(line => ({ lineinfile: { line } })),
  fc.constantFrom('old', 'p').map(line => ({ lineinfile: { line, state: 'absent' } })),
  fc.constantFrom('new', 'p').map(text => ({ replace: { regexp: 'old|q', replace: text } })),
  fc.constantFrom('b', 'c').map(block => ({ blockinfile: { block } })),
  content.map(content => ({ copy: { content } })),
  mode.map(mode => ({ file: { mode } })),
  fc.constant({ stat: {} }),
)

/** One file changed again and again. */
const edits: Arbitrary<readonly TaskText[]> = fc
  .tuple(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom('/law/n0', '/law/n2', '/law/h1') },
      { weight: 1, arbitrary: place },
    ),
    fc.array(tied(edit), { minLength: 2, maxLength: 5 }),
    fc.constantFrom({}, { backup: true }),
  )
  .map(([path, tasks, more]) =>
    tasks.map((task, i) => {
      const [[module, args], ...keywords] = Object.entries(task) as [[string, Json & object], ...[string, Json][]]
      const where = module === 'copy' ? { dest: path } : { path }
      const kept = module === 'file' || module === 'stat' ? {} : more
      return Object.fromEntries([['register', `e${i}`], [module, { ...where, ...args, ...kept }], ...keywords])
    }),
  )

/** Folders that are missing, one in the other and in one that hands its group on, and what is put in them. */
const folder = fc.constantFrom('/law/f', '/law/f/g', '/law/f/g/h', '/law/s/f', '/law/s/f/g', '/law/way/f')
const inFolders: Arbitrary<readonly TaskText[]> = fc
  .array(
    tied(
      fc.oneof(
        fc.tuple(folder, fc.constantFrom(undefined, '0755', '0700', '2775')).map(([path, mode]) => ({
          file: { path, state: 'directory', ...(mode === undefined ? {} : { mode }) },
        })),
        fc.tuple(folder, fc.constantFrom('x', 'y', '../x'), content).map(([path, name, content]) => ({
          copy: { dest: `${path}/${name}`, content },
        })),
        fc.tuple(folder, fc.constantFrom('p', 'q')).map(([path, line]) => ({
          lineinfile: { path: `${path}/x`, line, create: true },
        })),
        folder.map(path => ({ file: { path: `${path}/l`, src: 'x', state: 'link', force: true } })),
        fc.tuple(folder, fc.constantFrom('', '/x')).map(([path, name]) => ({ stat: { path: `${path}${name}` } })),
        folder.map(path => ({ file: { path, state: 'absent' } })),
      ),
    ),
    { minLength: 3, maxLength: 7 },
  )
  .map(tasks => tasks.map((task, i) => ({ register: `f${i}`, ...task })))

/** Tasks whose changes may share frames, with all that may go wrong between them. */
export const neighbours: Arbitrary<Trial> = fc
  .array(
    fc.oneof(
      { weight: 5, arbitrary: task.map(task => [task]) },
      { weight: 1, arbitrary: block.map(block => [block]) },
      { weight: 2, arbitrary: edits },
      { weight: 2, arbitrary: inFolders },
    ),
    { minLength: 4, maxLength: 12 },
  )
  .map(several => ({
    found: `mkdir /law/d /law/e /law/full /law/s; chgrp 65534 /law/s; chmod 2755 /law/s; : >/law/full/x; ln -s d /law/way; ln -s way /law/via
printf 'old\\n' >/law/h1; ln /law/h1 /law/h2; for n in 0 2 4; do printf 'old\\n' >/law/n$n; done`,
    tasks: several.flat().map((task, i) => ('include_tasks' in task ? task : { name: `task ${i}`, ...task })),
    handlers: ['one', 'two'].map(name => ({ name, shell: `echo ${name} >>/law/handled` })),
    files: more,
    fights: true,
    mayFail: true,
  }))
