import fc from 'fast-check'
import { printBytes, quote } from '../../../src/core/sh.ts'
import { foundScript, name, path } from '../gen/found.ts'
import { text } from '../gen/texts.ts'
import { trialsOf } from '../gen/trials.ts'
import type { Trial } from '../trial.ts'
import type { Cases } from './cases.ts'

const condition = fc.constantFrom('x == 1', 'x < 2 && y != ""', 'size(l) > 1', 'x == 2', 'has(z)', 'true')
const vars = { x: 1, y: 'ü', l: ['a', 'b'] }

export const assert: Cases = {
  module: 'assert',
  readOnly: true,
  scratch: fc.array(condition, { minLength: 1, maxLength: 3 }).map(
    (that): Trial => ({
      found: ':',
      tasks: [{ name: 'one', assert: { that }, vars, ignore_errors: true }],
    }),
  ),
}

export const fail: Cases = {
  module: 'fail',
  readOnly: true,
  scratch: condition.map(
    (when): Trial => ({
      found: ':',
      tasks: [{ name: 'one', fail: { msg: 'no: {{y}}' }, when, vars, ignore_errors: true }],
    }),
  ),
}

export const debug: Cases = {
  module: 'debug',
  readOnly: true,
  scratch: fc
    .constantFrom({ msg: '{{x}} {{y}}' }, { msg: '{{l}}' }, { var: 'l' }, { var: 'x + 1' }, {})
    .map((args): Trial => ({ found: ':', tasks: [{ name: 'one', debug: args, vars, register: 'r' }] })),
}

/** A fact decides what later tasks do, and may come from what a host said. */
export const setFact: Cases = {
  module: 'set_fact',
  scratch: fc.tuple(fc.constantFrom('1', '{{x}}', '{{r.stat.exists}}', '{{l}}'), name, fc.boolean()).map(
    ([value, name, there]): Trial => ({
      found: there ? foundScript([{ name, found: { kind: 'file', text: 'x', mode: '0644' } }]) : ':',
      tasks: [
        { name: 'look', stat: { path: `/law/${name}` }, register: 'r' },
        { name: 'one', set_fact: { f: value }, vars },
        { name: 'write', copy: { content: 'f={{json f}}\n', dest: '/law/out' } },
      ],
    }),
  ),
}

export const slurp: Cases = {
  module: 'slurp',
  readOnly: true,
  scratch: fc.tuple(text, name).map(
    ([text, name]): Trial => ({
      found: foundScript([{ name, found: { kind: 'file', text, mode: '0600' } }]),
      tasks: [{ name: 'one', slurp: { src: `/law/${name}` }, register: 'r' }],
    }),
  ),
}

const soon = { timeout: 1, sleep: 0.1 }

export const waitFor: Cases = {
  module: 'wait_for',
  readOnly: true,
  // What is waited for is there: a check may say so; what is not only a run can wait for.
  scratch: fc.oneof(
    {
      weight: 4,
      arbitrary: fc.tuple(path, text).map(
        ([path, text]): Trial => ({
          found: `mkdir -p "$(dirname ${quote(path)})"; ${printBytes(text)} >${quote(path)}`,
          tasks: [
            { name: 'one', wait_for: { path, ...soon }, register: 'r' },
            { name: 'two', wait_for: { path: `${path}-gone`, state: 'absent', ...soon } },
            { name: 'three', wait_for: { path, search_regex: '(?s).*', ...soon } },
          ],
        }),
      ),
    },
    {
      weight: 1,
      arbitrary: trialsOf(
        path.map(path => ({ wait_for: { path, timeout: 0 }, ignore_errors: true })),
        { always: ['one'] },
      ),
    },
  ),
}

export const pause: Cases = {
  module: 'pause',
  readOnly: true,
  scratch: fc.constantFrom(0, 0.01).map(
    (seconds): Trial => ({
      found: ':',
      tasks: [{ name: 'one', pause: { seconds }, register: 'r' }],
      // Only a run can let time pass, and does each time.
      always: ['one'],
    }),
  ),
}
