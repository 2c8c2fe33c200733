import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Module, Plan } from '../../src/core/module.ts'
import { Secret } from '../../src/core/secret.ts'
import { Shadow } from '../../src/core/shadow.ts'
import { Unknown } from '../../src/core/unknown.ts'
import type { Value } from '../../src/core/value.ts'
import { authorizedKey } from '../../src/modules/authorized_key.ts'
import { blockinfile } from '../../src/modules/blockinfile.ts'
import { copy } from '../../src/modules/copy.ts'
import { file } from '../../src/modules/file.ts'
import { lineinfile } from '../../src/modules/lineinfile.ts'
import { replace } from '../../src/modules/replace.ts'
import { stat } from '../../src/modules/stat.ts'
import { template } from '../../src/modules/template.ts'
import { inFolder, kindOf } from '../changes/law.ts'
import { shells } from '../questions/shells.ts'
import { carryAll, type Local, planReal } from './real.ts'

type Args = { readonly [name: string]: Value }

interface Case {
  readonly name: string
  readonly module: Module<never>
  setup?(folder: string): void
  args(folder: string): Args
  readonly local?: Local
  /** Nothing to do, or the code it fails with, or (absent) something to change. */
  readonly outcome?: 'unchanged' | string
  after?(folder: string): void
}

const text = (path: string) => readFileSync(path, 'utf8')
const mode = (path: string) => execFileSync('stat', ['-c', '%a %U %G', path], { encoding: 'utf8' }).trim()
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAbcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP me@here'
const localFile = (path: string, content: string) => ({
  [`local.file ${path}`]: {
    path: `/project/files/${path}`,
    type: 'file',
    mode: '0755',
    size: content.length,
    bytes: Buffer.from(content),
  },
})

const cases = [
  {
    name: 'copy: content',
    module: copy,
    args: f => ({ dest: `${f}/a`, content: 'x\n', mode: 'u=rw,g=r,o=' }),
    after: f => expect(mode(`${f}/a`)).toBe('640 root root'),
  },
  {
    name: 'copy: a secret',
    module: copy,
    args: f => ({ dest: `${f}/a`, content: new Secret('sesame-open') }),
    after: f => expect(mode(`${f}/a`)).toBe('600 root root'),
  },
  {
    name: 'copy: a file, its mode preserved',
    module: copy,
    args: f => ({ src: 'run.sh', dest: `${f}/a`, mode: 'preserve' }),
    local: localFile('run.sh', '#!/bin/sh\n'),
    after: f => expect(mode(`${f}/a`)).toBe('755 root root'),
  },
  {
    name: 'copy: into a folder',
    module: copy,
    args: f => ({ src: 'run.sh', dest: f }),
    local: localFile('run.sh', 'x'),
    after: f => expect(text(`${f}/run.sh`)).toBe('x'),
  },
  {
    name: 'copy: into a folder that is not there yet',
    module: copy,
    args: f => ({ src: 'run.sh', dest: `${f}/new/` }),
    local: localFile('run.sh', 'x'),
    after: f => expect(text(`${f}/new/run.sh`)).toBe('x'),
  },
  { name: 'copy: no folder', module: copy, args: f => ({ dest: `${f}/no/a`, content: 'x' }), outcome: 'not-found' },
  {
    name: 'copy: an owner that does not exist',
    module: copy,
    args: f => ({ dest: `${f}/a`, content: 'x', owner: 'nosuchuser' }),
    outcome: 'not-found',
  },
  {
    name: 'copy: force false',
    module: copy,
    setup: f => writeFileSync(`${f}/a`, 'mine'),
    args: f => ({ dest: `${f}/a`, content: 'x', force: false }),
    outcome: 'unchanged',
  },
  {
    name: 'copy: a backup',
    module: copy,
    setup: f => writeFileSync(`${f}/a`, 'mine'),
    args: f => ({ dest: `${f}/a`, content: 'x', backup: true }),
    after: f => expect(readdirSync(f)).toHaveLength(2),
  },
  {
    name: 'copy: on the host',
    module: copy,
    setup: f => writeFileSync(`${f}/b`, 'there', { mode: 0o600 }),
    args: f => ({ remote_src: true, src: `${f}/b`, dest: `${f}/a`, mode: 'preserve' }),
    after: f => expect(mode(`${f}/a`)).toBe('600 root root'),
  },
  {
    name: 'copy: a folder',
    module: copy,
    args: f => ({ src: 'site', dest: `${f}/www`, mode: '0640', directory_mode: '0750', group: 'daemon' }),
    local: {
      'local.file site': { path: '/project/files/site', type: 'directory', mode: '0755', size: 0 },
      'local.tree /project/files/site': {
        path: '/project/files/site',
        entries: [
          { path: 'sub', type: 'directory', mode: '0755' },
          { path: 'sub/page', type: 'file', mode: '0644' },
          { path: 'top', type: 'link', mode: '0777', target: 'sub/page' },
        ],
      },
      'local.file /project/files/site/sub/page': {
        path: '/project/files/site/sub/page',
        type: 'file',
        mode: '0644',
        size: 2,
        bytes: Buffer.from('hi'),
      },
    },
    after: f => {
      expect(mode(`${f}/www/site/sub`)).toBe('750 root daemon')
      expect(mode(`${f}/www/site/sub/page`)).toBe('640 root daemon')
      expect(text(`${f}/www/site/top`)).toBe('hi')
    },
  },
  {
    name: 'template',
    module: template,
    args: f => ({ src: 'motd.hbs', dest: f }),
    local: { 'local.template motd.hbs': 'hello\n' },
    after: f => expect(text(`${f}/motd`)).toBe('hello\n'),
  },
  {
    name: 'file: a folder and those above',
    module: file,
    args: f => ({ path: `${f}/a/b`, state: 'directory', mode: '0700', owner: 'daemon' }),
    after: f => expect(mode(`${f}/a`)).toBe('700 daemon root'),
  },
  {
    name: 'file: a folder that is a file',
    module: file,
    setup: f => writeFileSync(`${f}/a`, ''),
    args: f => ({ path: `${f}/a`, state: 'directory' }),
    outcome: 'refused',
  },
  {
    name: 'file: all in a folder',
    module: file,
    setup: f => {
      mkdirSync(`${f}/a/b`, { recursive: true })
      writeFileSync(`${f}/a/b/c d`, '', { mode: 0o600 })
      writeFileSync(`${f}/a/x`, '', { mode: 0o700 })
    },
    args: f => ({ path: `${f}/a`, state: 'directory', recurse: true, mode: 'u=rwX,go=rX', group: 'games' }),
    after: f =>
      expect([mode(`${f}/a/b/c d`), mode(`${f}/a/x`), mode(`${f}/a/b`)]).toEqual([
        '644 root games',
        '755 root games',
        '755 root games',
      ]),
  },
  {
    name: 'file: mode and owner by number',
    module: file,
    setup: f => writeFileSync(`${f}/a`, ''),
    args: f => ({ path: `${f}/a`, mode: '600', owner: '1', group: '60' }),
    after: f => expect(mode(`${f}/a`)).toBe('600 daemon games'),
  },
  {
    name: 'file: as it is',
    module: file,
    setup: f => writeFileSync(`${f}/a`, '', { mode: 0o644 }),
    args: f => ({ path: `${f}/a`, mode: 'u=rw,go=r', owner: 'root' }),
    outcome: 'unchanged',
  },
  { name: 'file: not there', module: file, args: f => ({ path: `${f}/a` }), outcome: 'not-found' },
  {
    name: 'file: touch',
    module: file,
    args: f => ({ path: `${f}/a`, state: 'touch', mode: '0600' }),
    after: f => expect(mode(`${f}/a`)).toBe('600 root root'),
  },
  {
    name: 'file: touched before',
    module: file,
    setup: f => writeFileSync(`${f}/a`, 'x'),
    args: f => ({ path: `${f}/a`, state: 'touch' }),
    outcome: 'unchanged',
  },
  {
    name: 'file: absent',
    module: file,
    setup: f => mkdirSync(`${f}/a/b`, { recursive: true }),
    args: f => ({ path: `${f}/a`, state: 'absent' }),
    after: f => expect(existsSync(`${f}/a`)).toBe(false),
  },
  {
    name: 'file: absent removes a link, not its target',
    module: file,
    setup: f => {
      mkdirSync(`${f}/b`)
      symlinkSync('b', `${f}/a`)
    },
    args: f => ({ path: `${f}/a`, state: 'absent' }),
    after: f => expect(readdirSync(f)).toEqual(['b']),
  },
  { name: 'file: never /etc', module: file, args: () => ({ path: '/etc', state: 'absent' }), outcome: 'refused' },
  {
    name: 'file: a link',
    module: file,
    setup: f => mkdirSync(`${f}/b`),
    args: f => ({ path: `${f}/a`, state: 'link', src: 'b' }),
    after: f => expect(readlinkSync(`${f}/a`)).toBe('b'),
  },
  {
    name: 'file: a link to nothing',
    module: file,
    args: f => ({ path: `${f}/a`, state: 'link', src: '/no/where' }),
    outcome: 'not-found',
  },
  {
    name: 'file: a forced link instead of a file',
    module: file,
    setup: f => writeFileSync(`${f}/a`, ''),
    args: f => ({ path: `${f}/a`, state: 'link', src: '/etc', force: true }),
    after: f => expect(readlinkSync(`${f}/a`)).toBe('/etc'),
  },
  {
    name: 'file: a link in the way of a file',
    module: file,
    setup: f => writeFileSync(`${f}/a`, ''),
    args: f => ({ path: `${f}/a`, state: 'link', src: '/etc' }),
    outcome: 'refused',
  },
  {
    name: 'file: a hard link',
    module: file,
    setup: f => writeFileSync(`${f}/b`, ''),
    args: f => ({ path: `${f}/a`, state: 'hard', src: `${f}/b` }),
  },
  {
    name: 'lineinfile: replaced, mode kept',
    module: lineinfile,
    setup: f => {
      writeFileSync(`${f}/a`, 'A=1\nB=2\n')
      chmodSync(`${f}/a`, 0o604)
    },
    args: f => ({ path: `${f}/a`, regexp: '^A=', line: 'A=3' }),
    after: f => expect([text(`${f}/a`), mode(`${f}/a`)]).toEqual(['A=3\nB=2\n', '604 root root']),
  },
  {
    name: 'lineinfile: created',
    module: lineinfile,
    args: f => ({ path: `${f}/a`, line: 'x', create: true }),
    after: f => expect(text(`${f}/a`)).toBe('x\n'),
  },
  {
    name: 'lineinfile: not created',
    module: lineinfile,
    args: f => ({ path: `${f}/a`, line: 'x' }),
    outcome: 'not-found',
  },
  {
    name: 'lineinfile: absent where the file is',
    module: lineinfile,
    args: f => ({ path: `${f}/a`, line: 'x', state: 'absent' }),
    outcome: 'unchanged',
  },
  {
    name: 'lineinfile: bytes that are no text',
    module: lineinfile,
    setup: f => writeFileSync(`${f}/a`, Uint8Array.of(0xff, 0xfe)),
    args: f => ({ path: `${f}/a`, line: 'x' }),
    outcome: 'unsupported',
  },
  {
    name: 'lineinfile: a bad pattern',
    module: lineinfile,
    setup: f => writeFileSync(`${f}/a`, ''),
    args: f => ({ path: `${f}/a`, regexp: '(', line: 'x' }),
    outcome: 'wrong-value',
  },
  {
    name: 'blockinfile',
    module: blockinfile,
    setup: f => writeFileSync(`${f}/a`, 'top'),
    args: f => ({ path: `${f}/a`, block: 'one\ntwo\n' }),
    after: f =>
      expect(text(`${f}/a`)).toBe('top\n# BEGIN ANSIBLE MANAGED BLOCK\none\ntwo\n# END ANSIBLE MANAGED BLOCK\n'),
  },
  {
    name: 'replace',
    module: replace,
    setup: f => writeFileSync(`${f}/a`, 'a1\nb2\n'),
    args: f => ({ path: `${f}/a`, regexp: '^([a-z])(\\d)$', replace: '\\1-' }),
    after: f => expect(text(`${f}/a`)).toBe('a-\nb-\n'),
  },
  {
    name: 'authorized_key',
    module: authorizedKey,
    setup: f => writeFileSync(`${f}/a`, '# mine\n'),
    args: f => ({ user: 'root', path: `${f}/a`, key }),
    after: f => expect(text(`${f}/a`)).toBe(`# mine\n${key}\n`),
  },
  {
    name: 'authorized_key: nobody of that name',
    module: authorizedKey,
    args: f => ({ user: 'nosuchuser', path: `${f}/a`, key }),
    outcome: 'not-found',
  },
  {
    name: 'stat',
    module: stat,
    setup: f => writeFileSync(`${f}/a`, 'x'),
    args: f => ({ path: `${f}/a` }),
    outcome: 'unchanged',
  },
] as const satisfies readonly (Omit<Case, 'module'> & { readonly module: unknown })[]

describe.each(shells.map(shell => ({ shell, name: shell.join(' ') })))('in $name', ({ shell }) => {
  it.each(cases as unknown as readonly Case[])('$name', ({ module, setup, args, local, outcome, after }) => {
    inFolder(folder => {
      setup?.(folder)
      const world = { shell, ...(local ? { local } : {}) }
      const first = known(planReal(module, args(folder), world))
      if (outcome !== undefined) {
        expect(first.failed?.code ?? (first.changes.length === 0 ? 'unchanged' : 'changed')).toBe(outcome)
        return
      }
      expect(first.failed).toBeUndefined()
      expect(first.changes).not.toEqual([])
      // Under the prediction a second plan is empty, as it is after the run: the check says what the run does.
      const shadow = new Shadow()
      for (const change of first.changes) kindOf(change).fold(shadow, change)
      const foretold = planReal(module, args(folder), { ...world, shadow })
      expect(foretold instanceof Unknown || foretold.changes).toEqual(foretold instanceof Unknown ? true : [])
      expect(carryAll(shell, first.changes)).toBeUndefined()
      expect(known(planReal(module, args(folder), world)).changes).toEqual([])
      after?.(folder)
    })
  })
})

function known(plan: Plan | Unknown): Plan {
  if (plan instanceof Unknown) throw new Error(`unknown: ${plan.reason}`)
  return plan
}
