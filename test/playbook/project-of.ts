import { dirname } from 'node:path'
import { type Diagnostic, Mistake } from '../../src/core/diagnostic.ts'
import { place } from '../../src/core/span.ts'
import type { Disk } from '../../src/playbook/disk.ts'
import { loadProject, type ProjectOptions } from '../../src/playbook/index.ts'
import type { ModuleSpec, Project } from '../../src/playbook/model.ts'

/** Files in memory, by path below /p. */
export type Files = { readonly [path: string]: string }

export function diskOf(files: Files): Disk {
  const all = new Map(Object.entries(files).map(([path, text]) => [path.startsWith('/') ? path : `/p/${path}`, text]))
  const folders = new Set<string>(['/'])
  for (const path of all.keys()) for (let at = dirname(path); at !== '/'; at = dirname(at)) folders.add(at)
  return {
    read: path => all.get(path),
    kind: path => (all.has(path) ? 'file' : folders.has(path) ? 'directory' : undefined),
    list: folder => {
      const below = [...all.keys(), ...folders].filter(path => dirname(path) === folder && path !== folder)
      return [...new Set(below.map(path => path.slice(path.lastIndexOf('/') + 1)))].sort()
    },
  }
}

/** Modules of the shapes that real ones have. */
export const modules: readonly ModuleSpec[] = [
  {
    name: 'link',
    args: { type: 'object', additionalProperties: false, properties: { path: { type: 'string', aliases: ['dest'] } } },
  },
  {
    name: 'command',
    freeForm: 'cmd',
    args: {
      type: 'object',
      additionalProperties: false,
      properties: {
        cmd: { type: 'string' },
        argv: { type: 'array', items: { type: 'string' } },
        chdir: { type: 'string' },
        readonly: { type: 'boolean', default: false },
      },
      oneOf: [{ required: ['cmd'] }, { required: ['argv'] }],
    },
  },
  {
    name: 'copy',
    args: {
      type: 'object',
      additionalProperties: false,
      required: ['dest'],
      properties: {
        src: { type: 'string', lookup: 'files' },
        content: { type: 'string', secret: true },
        dest: { type: 'string', pattern: '^/', expects: 'an absolute path' },
        mode: { type: 'string', pattern: '^0?[0-7]{3,4}$', expects: "a mode such as '0644'" },
        force: { type: 'boolean', default: true },
        remote_src: { type: 'boolean', default: false },
      },
      oneOf: [{ required: ['src'] }, { required: ['content'] }],
    },
  },
  {
    name: 'template',
    args: {
      type: 'object',
      additionalProperties: false,
      required: ['src', 'dest'],
      properties: { src: { type: 'string', lookup: 'templates' }, dest: { type: 'string' }, mode: { type: 'string' } },
    },
  },
  {
    name: 'service',
    args: {
      type: 'object',
      additionalProperties: false,
      required: ['name'],
      properties: {
        name: { type: 'string' },
        state: { enum: ['started', 'stopped', 'restarted'] },
        enabled: { type: 'boolean' },
        wait: { type: 'integer', minimum: 1, default: 5 },
      },
    },
  },
  {
    name: 'apt',
    args: {
      type: 'object',
      additionalProperties: false,
      properties: { name: { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] } },
    },
  },
  {
    name: 'debug',
    args: { type: 'object', additionalProperties: false, properties: { msg: {}, var: { type: 'string' } } },
  },
  {
    name: 'assert',
    args: {
      type: 'object',
      additionalProperties: false,
      required: ['that'],
      properties: { that: {}, fail_msg: { type: 'string' } },
    },
  },
  { name: 'set_fact', args: { type: 'object' } },
]

export const twoHosts =
  'all:\n  children:\n    web:\n      hosts:\n        w1:\n        w2:\n    db:\n      hosts:\n        d1:\n'

export type Options = Omit<Partial<ProjectOptions>, 'disk' | 'modules'>

/** Loads a project of these files, its inventory and `site.yml` among them. Throws a Mistake. */
export function load(files: Files, options: Options = {}): Project {
  const disk = diskOf({ 'pitool.yml': 'playbook: site.yml\n', 'inventory/hosts.yml': twoHosts, ...files })
  return loadProject({ cwd: '/p', modules, ...options, disk })
}

/** A play on all hosts with these tasks, written with two spaces less. */
export function tasks(text: string): string {
  return `- hosts: all\n  tasks:\n${text.replace(/^(?=.)/gm, '    ')}`
}

export function mistakesIn(files: Files, options: Options = {}): readonly Diagnostic[] {
  try {
    load(files, options)
    return []
  } catch (error) {
    if (error instanceof Mistake) return error.diagnostics
    throw error
  }
}

/** `code file:line:col message [hint]`, one a mistake. */
export function said(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map(({ code, span, message, hint }) => {
    const where = span ? `${place(span)} ` : ''
    return `${code} ${where}${message}${hint === undefined ? '' : ` [${hint}]`}`
  })
}

export function mistakes(files: Files, options: Options = {}): readonly string[] {
  return said(mistakesIn(files, options))
}
