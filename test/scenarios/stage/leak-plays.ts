import type { Module } from '../../../src/core/module.ts'
import type { Schema } from '../../../src/core/schema.ts'
import { takesSecret } from '../../../src/playbook/args/secret-place.ts'
import { k3sProgram } from './cluster.ts'

export interface Task {
  readonly [key: string]: unknown
}

/** Where what is written stands. */
export const folder = '/srv/leaks'
const at = (name: string) => `${folder}/${name}`
const quietly = (name: string) => `umask 077; cat >${at(name)}`
const once = (name: string, path: string, content: string) => ({
  name,
  copy: { dest: path, content, mode: '0640', force: false },
})
const manifest = (kind: string, more: object) => ({ apiVersion: 'v1', kind, metadata: { name: 'leak' }, ...more })
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAbcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP me@here'

/** Secrets that become files, accounts, variables, answers, names of tasks and items. A second run changes nothing. */
export const works = (url: string): readonly Task[] => [
  { file: { path: folder, state: 'directory', mode: '0755' } },
  { name: 'A file of {{named}}', copy: { dest: at('copy'), content: '{{copied}}\n' }, notify: 'Noted' },
  { template: { src: 'secret.hbs', dest: at('template') }, notify: 'Noted' },
  once('Old line', at('line'), 'old {{was}}\n'),
  { lineinfile: { path: at('line'), regexp: '^old', line: '{{lined}}', backup: true } },
  { lineinfile: { path: at('line-new'), line: '{{lined}}', create: true } },
  { blockinfile: { path: at('block'), block: '{{blocked}}', create: true } },
  once('Place', at('replace'), 'PLACE\n'),
  { replace: { path: at('replace'), regexp: '^PLACE$', replace: '{{replaced}}' } },
  { command: { argv: ['sh', '-c', quietly('stdin')], stdin: '{{fed}}', creates: at('stdin') } },
  {
    command: { argv: ['sh', '-c', `umask 077; printf %s "$LEAK" >${at('environment')}`], creates: at('environment') },
    environment: { LEAK: '{{exported}}' },
  },
  { shell: { cmd: `umask 077; printf %s '{{shelled}}' >${at('shell')}`, creates: at('shell') } },
  { shell: { cmd: ": '{{shelled}}'; sleep 0.3", executable: '/bin/bash' }, changed_when: false },
  { shell: { cmd: 'cat; cat /proc/self/cmdline', stdin: '{{echoed}}' }, register: 'said', changed_when: false },
  { debug: { var: 'said' } },
  { name: 'What it said', debug: { msg: '{{said.stdout}} {{b64encode echoed}} {{json echoed}}' } },
  { command: { argv: ['cat'], stdin: '{{looked}}', readonly: true }, register: 'seen' },
  { debug: { var: 'seen.stdout' } },
  { copy: { dest: at('registered'), content: '{{seen.stdout}}\n' } },
  { user: { name: 'leak', password: '{{hashed}}' } },
  { set_fact: { kept: '{{fact}}', wrapped: { list: ['{{fact}}'], text: 'in {{fact}}' } } },
  { debug: { var: 'wrapped' } },
  { copy: { dest: at('fact'), content: '{{wrapped.text}}\n' } },
  { debug: { msg: '{{debugged}}' } },
  { name: 'Shown', debug: { msg: { deep: ['{{debugged}}'] } } },
  { assert: { that: 'asserted != ""', success_msg: 'it is {{asserted}}', quiet: false } },
  { slurp: { src: at('copy') }, register: 'file' },
  { debug: { var: 'file' } },
  { stat: { path: at('copy') } },
  { name: 'Item {{item}}', debug: { msg: '{{item}}' }, loop: ['{{looped}}', 'x'], when: 'looped != "x"' },
  { include_vars: 'more.yml' },
  { copy: { dest: at('included'), content: '{{included}}\n' } },
  { authorized_key: { user: 'pi', key } },
  { k3s_token: { kind: 'server' }, register: 'join' },
  {
    k3s_agent: {
      url,
      token: '{{join.token}}',
      install: 'file',
      binary_src: k3sProgram,
      config: { 'leak-mark': '{{configured}}' },
      env: { LEAK_PROXY: '{{proxied}}' },
    },
  },
  { node_labels: { labels: { leak: 'no' } } },
  { k8s: { definition: manifest('Secret', { stringData: { part: '{{clustered}}' } }) }, register: 'object' },
  { debug: { var: 'object' } },
  { debug: { msg: '{{object.result.data.part}}' } },
  { k8s: { definition: [manifest('ConfigMap', { data: { part: 'in {{clustered}}' } })] } },
]
export const handlers: readonly Task[] = [
  { name: 'Noted', copy: { dest: at('handled'), content: '{{handled}}\n' } },
  { name: 'Owed', copy: { dest: at('owed'), content: '{{handled}}\n' } },
]

const print = (how: string) => ({ argv: ['sh', '-c', `${how} >&2; exit 3`], stdin: '{{failing}}' })
const refusing = { validate: 'cat %s; echo; base64 -w0 %s; exit 1' }

/** Each fails, and has a secret to say; the last of all owes a handler. */
export const fails: readonly Task[] = [
  { command: print('cat') },
  { command: print('base64 -w0') },
  { command: print("od -An -v -tx1 | tr -d ' \\n'") },
  { command: { ...print('cat'), readonly: true } },
  // As long as the watch needs to see it, if it ran.
  { command: { cmd: "sh -c 'sleep 0.3' {{shelled}}" } },
  { command: { argv: ['sh', '-c', 'sleep 0.3', '{{shelled}}'] } },
  { shell: "set -x; : '{{shelled}}'; exit 3" },
  { shell: "echo '{{shelled}}' | tee /dev/stderr; exit 3", register: 'r', failed_when: 'r.stdout == shelled' },
  { command: { argv: ['no-such-program'], stdin: '{{failing}}' }, environment: { LEAK: '{{exported}}' } },
  { copy: { dest: at('never'), content: '{{failing}}\n', ...refusing } },
  { copy: { dest: at('none/never'), content: '{{failing}}\n' } },
  { copy: { dest: '/proc/never', content: '{{failing}}\n' } },
  { copy: { dest: at('never'), content: '{{failing}}\n', owner: 'nobody-of-that-name' } },
  { template: { src: 'secret.hbs', dest: at('never'), ...refusing } },
  { template: { src: 'broken.hbs', dest: at('never') } },
  { lineinfile: { path: at('line'), line: '{{failing}}', ...refusing } },
  { blockinfile: { path: at('block'), block: '{{failing}}', ...refusing } },
  { replace: { path: at('replace'), regexp: '.+', replace: '{{failing}}', ...refusing } },
  { user: { name: 'leak2', password: '{{failing}}' } },
  { k8s: { definition: manifest('Thing', { data: { part: '{{failing}}' } }) } },
  { k8s: { namespace: 'nowhere', definition: manifest('Secret', { stringData: { part: '{{failing}}' } }) } },
  { user: { name: 'leak2', password: '{{hashed}}', uid: 0 } },
  { fail: { msg: 'it is {{failing}}' } },
  { assert: { that: 'failing == "no"', fail_msg: 'it is {{failing}}' } },
  { assert: { that: 'failing == "no"', msg: 'it is {{failing}}' } },
  { assert: { that: ['failing == "no"'] } },
  { debug: { msg: '{{failing.member}}' } },
  { debug: { msg: '{{b64decode failing}}' } },
  { debug: { var: 'int(failing)' } },
  { debug: { msg: 'x' }, when: 'failing' },
  { debug: { msg: 'x' }, loop: '{{failing}}' },
  { wait_for: { path: at('never'), timeout: 0, msg: 'none' }, vars: { never: '{{failing}}' } },
  { command: 'false', register: 'r', until: 'r.stdout == failing', retries: 1, delay: 0 },
  { block: [{ include_vars: '{{failing}}.yml', ignore_errors: false }], rescue: [{ fail: { msg: '{{failing}}' } }] },
  { command: 'true', delegate_to: '{{shelled}}' },
]
export const owing: readonly Task[] = [
  { name: 'Owes {{failing}}', copy: { dest: at('owes'), content: '{{failing}} owes\n' }, notify: 'Owed' },
  { name: 'The end', fail: { msg: '{{failing}}' } },
]

/** What a module must have beside the argument that is tried. */
const needed: Readonly<Record<string, Task>> = {
  assert: { that: true },
  authorized_key: { user: 'pi', key },
  blockinfile: { path: at('copy') },
  command: { cmd: 'true' },
  copy: { dest: at('copy'), content: '' },
  file: { path: at('copy') },
  get_url: { url: 'http://192.0.2.9/x', dest: at('copy'), checksum: `sha256:${'0'.repeat(64)}` },
  group: { name: 'leak' },
  hostname: { name: 'leak' },
  k3s_agent: { url: 'https://192.0.2.9:6443' },
  k8s: { definition: manifest('ConfigMap', {}) },
  k8s_scale: { kind: 'Deployment', name: 'leak', replicas: 1 },
  lineinfile: { path: at('copy'), line: '' },
  replace: { path: at('copy'), regexp: 'x' },
  shared_address: { address: '192.0.2.9', hosts: ['le-host'] },
  shell: { cmd: 'true' },
  slurp: { src: at('copy') },
  stat: { path: at('copy') },
  sysctl: { name: 'net.ipv4.ip_forward', value: '0' },
  template: { src: 'secret.hbs', dest: at('copy') },
  user: { name: 'leak' },
}

export interface Argument {
  readonly module: string
  readonly name: string
  readonly schema: Schema
  readonly takes: boolean
}

/** All arguments of all modules, but those that are expressions: a user's own word, compiled and never a value. */
export function argumentsOf(modules: readonly Module[]): readonly Argument[] {
  return modules.flatMap(({ name: module, args }) =>
    Object.entries((args as Schema).properties ?? {})
      .filter(([name]) => name !== 'that' && name !== 'var')
      .map(([name, schema]) => ({ module, name, schema, takes: [schema, ...inside(schema)].some(takesSecret) })),
  )
}

function inside({ items, additionalProperties, type, properties }: Schema): readonly Schema[] {
  const values = typeof additionalProperties === 'object' ? [additionalProperties] : []
  // A map of which nothing is said takes anything.
  const anything = type === 'object' && properties === undefined && additionalProperties === undefined ? [{}] : []
  return [...(items === undefined ? [] : [items]), ...values, ...anything]
}

/** A task that gives a secret to an argument that takes none. */
export function misplacing({ module, name, schema }: Argument): Task {
  const inner = Object.keys(schema.properties ?? {})[0] ?? 'x'
  const value = { array: ['{{misplaced}}'], object: { [inner]: '{{misplaced}}' } }[String(schema.type)]
  return { name: `${module} ${name}`, [module]: { ...needed[module], [name]: value ?? '{{misplaced}}' } }
}
