import fc, { type Arbitrary } from 'fast-check'
import type { TaskText } from '../trial.ts'
import { group, isRoot, mode, owner } from './found.ts'
import { line, text } from './texts.ts'

/** Mode, owner and group, each or none. */
export const attributes = fc.record(
  {
    mode: fc.oneof(mode, fc.constantFrom('u=rw,go=r', 'a+x', 'o-rwx', 'u+X,g-w', '2755', '0755')),
    ...(isRoot ? { owner, group } : {}),
  },
  { requiredKeys: [] },
)

const writing = fc.tuple(attributes, fc.record({ backup: fc.boolean() }, { requiredKeys: [] })).map(merged)

/** Project files that tasks may send. */
export const projectFiles = {
  'files/one': 'one\n',
  'files/empty': '',
  'files/tree/x': 'x\n',
  'files/tree/sub/y': 'ü y\n',
  'templates/t.hbs': 'for {{inventory_hostname}}: {{word}} "quoted" <&>\n',
  'templates/rows.hbs': '{{#each rows}}\n- {{this}}\n{{/each}}\n',
}

type Paths = Arbitrary<string>

export function copyTask(paths: Paths): Arbitrary<TaskText> {
  const source = fc.oneof(
    { weight: 4, arbitrary: text.map(content => ({ content })) },
    { weight: 3, arbitrary: fc.constantFrom('one', 'empty').map(src => ({ src })) },
    { weight: 1, arbitrary: fc.constantFrom('tree', 'tree/').map(src => ({ src })) },
    { weight: 1, arbitrary: paths.map(src => ({ src, remote_src: true })) },
  )
  const force = fc.record({ force: fc.boolean() }, { requiredKeys: [] })
  return fc.tuple(source, paths, writing, force).map(([source, dest, wish, force]) => ({
    copy: { ...source, dest, ...wish, ...force },
  }))
}

export function templateTask(paths: Paths): Arbitrary<TaskText> {
  const word = fc.constantFrom('a', '{{not compiled}}', 'ü & <b>', '')
  return fc.tuple(fc.constantFrom('t.hbs', 'rows.hbs'), paths, writing, word).map(([src, dest, wish, word]) => ({
    template: { src, dest, ...wish },
    vars: { word: word.replace(/[{}]/g, '%'), rows: ['1', word.replace(/[{}]/g, '%')] },
  }))
}

export function fileTask(paths: Paths): Arbitrary<TaskText> {
  const states = fc.oneof(
    fc.constantFrom('file', 'directory', 'absent', 'touch', 'touch').map(state => ({ state })),
    fc.record({ recurse: fc.boolean() }, { requiredKeys: [] }).map(more => ({ state: 'directory', ...more })),
    fc
      .tuple(fc.constantFrom('a', '/law/d', 'd/e', '/law/here', 'here', '/law/place'), fc.boolean())
      .map(([src, force]) => ({ state: 'link', src, force })),
    fc.oneof(paths, fc.constant('/law/here')).map(src => ({ state: 'hard', src })),
    fc.constant({}),
  )
  return fc.tuple(states, paths, attributes).map(([state, path, wish]) => ({
    file: { path, ...state, ...('state' in state && state.state === 'absent' ? {} : wish) },
  }))
}

/** Pairs of a pattern and a line that it matches: another pair would add or replace one more at each run. */
const kept = fc.oneof(
  line.map(line => ({ line })),
  fc
    .tuple(fc.constantFrom('a=1', 'a=2', '#a=1'), fc.constantFrom('^#?a=', '^.?a'))
    .map(([line, regexp]) => ({ line, regexp })),
  fc.constant({ line: 'b=1', search_string: 'b' }),
)
const anchors = fc.oneof(
  fc.constant({}),
  fc.constantFrom('EOF', '^#', '^b', 'nowhere').map(insertafter => ({ insertafter })),
  fc.constantFrom('BOF', '^end', '^b', 'nowhere').map(insertbefore => ({ insertbefore })),
)

export function lineTask(paths: Paths): Arbitrary<TaskText> {
  const more = fc.record({ create: fc.boolean(), firstmatch: fc.boolean() }, { requiredKeys: [] })
  const there = fc.tuple(kept, anchors, more).map(([wish, at, more]) => ({ ...wish, ...at, ...more }))
  const gone = fc
    .oneof(
      line.map(line => ({ line })),
      fc.constantFrom('^#', 'a').map(regexp => ({ regexp })),
    )
    .map(wish => ({ ...wish, state: 'absent' }))
  return fc
    .tuple(fc.oneof({ weight: 3, arbitrary: there }, { weight: 1, arbitrary: gone }), paths, writing)
    .map(([wish, path, own]) => ({ lineinfile: { path, ...wish, ...own } }))
}

export function blockTask(paths: Paths): Arbitrary<TaskText> {
  const wish = fc.record(
    {
      block: fc.array(line, { maxLength: 3 }).map(lines => lines.join('\n')),
      state: fc.constantFrom('present', 'present', 'absent'),
      marker: fc.constantFrom('# {mark} ours', '<!-- {mark} -->'),
      create: fc.boolean(),
      prepend_newline: fc.boolean(),
      append_newline: fc.boolean(),
    },
    { requiredKeys: ['block'] },
  )
  return fc
    .tuple(wish, anchors, paths, writing)
    .map(([wish, at, path, own]) => ({ blockinfile: { path, ...wish, ...at, ...own } }))
}

export function replaceTask(paths: Paths): Arbitrary<TaskText> {
  // What comes out must not match again, or match to the same.
  const wish = fc.constantFrom(
    { regexp: '^#a=1$', replace: 'a=1' },
    { regexp: 'a=\\d', replace: 'a=7' },
    { regexp: '^b.*$\\n?' },
    { regexp: 'e(n)d', replace: '\\1' },
    { regexp: 'c', replace: 'k', after: '^b' },
  )
  return fc.tuple(wish, paths, writing).map(([wish, path, own]) => ({ replace: { path, ...wish, ...own } }))
}

export function statTask(paths: Paths): Arbitrary<TaskText> {
  const more = fc.record({ follow: fc.boolean(), get_checksum: fc.boolean() }, { requiredKeys: [] })
  return fc.tuple(paths, more).map(([path, more]) => ({ stat: { path, ...more } }))
}

/** Commands that say for themselves when they have nothing to do. */
export function commandTask(paths: Paths): Arbitrary<TaskText> {
  return fc.oneof(
    { weight: 3, arbitrary: paths.map(path => ({ command: { argv: ['touch', '--', path], creates: path } })) },
    paths.map(path => ({ command: { argv: ['rm', '-rf', '--', path], removes: path } })),
    paths.map((path): TaskText => ({ command: { argv: ['test', '-e', path], readonly: true }, failed_when: false })),
    fc.constant({ command: 'true', changed_when: false }),
  )
}

export function shellTask(paths: Paths): Arbitrary<TaskText> {
  return fc.oneof(
    {
      weight: 3,
      arbitrary: paths.map(path => ({
        shell: { cmd: 'cat >>"$AT"', stdin: 'x', creates: path },
        environment: { AT: path },
      })),
    },
    paths.map(path => ({ shell: { cmd: 'ls -ld "$AT" || :', readonly: true }, environment: { AT: path } })),
    fc.constant({ shell: 'echo "$0" >&2; exit 3', failed_when: false, changed_when: false }),
  )
}

function merged<A extends object, B extends object>([a, b]: readonly [A, B]): A & B {
  return { ...a, ...b }
}
