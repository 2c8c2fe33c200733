import { describe, expect, it } from 'vitest'
import { importsOf, type SourceFile, sourceFiles } from './sources.ts'

const files = sourceFiles()

// The table of src/README.md: a room may import from itself and from these.
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  language: ['core'],
  playbook: ['core', 'language'],
  questions: ['core'],
  changes: ['core'],
  modules: ['core', 'questions', 'changes'],
  transport: ['core'],
  engine: ['core', 'language', 'playbook', 'questions/kind.ts', 'changes/kind.ts'],
  report: ['core'],
  cli: ['core', 'language', 'playbook', 'questions', 'changes', 'modules', 'transport', 'engine', 'report'],
}

// Libraries with one home each: nobody else need know of them.
const homes: Readonly<Record<string, string>> = {
  handlebars: 'language',
  '@marcbachmann/cel-js': 'language',
  'node-ssh': 'transport',
  ssh2: 'transport',
  'node:net': 'transport',
  'node:tls': 'transport',
  'p-queue': 'engine',
  yargs: 'cli',
  '@inquirer/password': 'cli',
  'log-update': 'report',
  picocolors: 'report',
  diff: 'report',
}

const pure = ['core', 'language', 'questions', 'changes', 'modules']
const outside = ['fs', 'net', 'child_process', 'http', 'https', 'tls', 'dgram', 'dns', 'worker_threads', 'os']

function breaches(rule: (file: SourceFile) => readonly string[]): readonly string[] {
  return files.flatMap(file => rule(file).map(what => `${file.path}: ${what}`))
}

describe('the rooms', () => {
  it('are those of the table', () => {
    const rooms = files.filter(({ path }) => path.includes('/')).map(({ room }) => room)
    expect([...new Set(rooms)].filter(room => !Object.hasOwn(mayImport, room))).toEqual([])
    expect(files.filter(({ path }) => !path.includes('/'))).toEqual([])
  })

  it('import only what the table allows', () => {
    const found = breaches(({ room, imports }) => {
      const allowed = [room, ...(mayImport[room] ?? [])]
      const wrong = imports.filter(
        ({ target, room: from }) => from && !allowed.includes(from) && !allowed.includes(target),
      )
      return wrong.map(({ text }) => `may not import ${text}`)
    })
    expect(found).toEqual([])
  })

  it('leave each library to its home', () => {
    const found = breaches(({ room, imports }) =>
      imports
        .filter(({ target }) => Object.hasOwn(homes, target) && homes[target] !== room)
        .filter(({ target }) => !(room === 'cli' && target === 'p-queue'))
        .map(({ target }) => `${target} belongs to ${homes[target]}`),
    )
    expect(found).toEqual([])
  })

  it('that are pure touch nothing outside', () => {
    const found = breaches(({ room, imports, code }) => {
      if (!pure.includes(room)) return []
      const names = imports
        .map(({ target }) => target)
        .filter(name => outside.includes(name.replace(/^node:/, '').replace(/\/.*/, '')))
      const calls =
        code.match(/\bprocess\.(env|cwd|platform|stdin|on)\b|\bfetch\(|\bsetTimeout\(|\bDate\.now\(\)/g) ?? []
      return [...names.map(name => `imports ${name}`), ...(room === 'language' || room === 'core' ? [] : calls)]
    })
    expect(found).toEqual([])
  })

  it('leave printing to report, and the command line and the exit to cli', () => {
    const found = breaches(({ room, code }) => [
      ...(room === 'report' ? [] : (code.match(/\bconsole\.\w+|\bprocess\.std(out|err)\.write/g) ?? [])),
      ...(room === 'cli' ? [] : (code.match(/\bprocess\.(argv|exit\b|exitCode)/g) ?? [])),
    ])
    expect(found).toEqual([])
  })
})

describe('the files', () => {
  it('are short enough to be read at a sitting', () => {
    expect(files.filter(({ text }) => text.split('\n').length > 251).map(({ path }) => path)).toEqual([])
  })

  it('know their types', () => {
    expect(
      breaches(({ code }) => code.match(/[:<|&,]\s*any\b(?!\w)\s*[,;)>\]|&=]|\bas any\b|@ts-(ignore|nocheck)/g) ?? []),
    ).toEqual([])
  })

  it('are finished', () => {
    expect(breaches(({ text }) => text.match(/\b(TODO|FIXME|XXX)\b/g) ?? [])).toEqual([])
  })

  it('have kebab-case names, as modules have their YAML name', () => {
    const wrong = files.filter(({ path, room }) => {
      const name = path.split('/').at(-1) ?? ''
      return !(room === 'modules' ? /^[a-z0-9_-]+\.ts$/ : /^[a-z0-9-]+\.ts$/).test(name)
    })
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  it('export by name', () => {
    expect(breaches(({ code }) => code.match(/^export default\b.*/gm) ?? [])).toEqual([])
  })
})

// The rules above are worth nothing when imports are overlooked.
describe('what is seen of a file', () => {
  const cases: [string, readonly string[]][] = [
    ["import { a } from '../core/a.ts'", ['core/a.ts']],
    ["import type { a } from './a.ts'\nimport b from 'b'", ['cli/a.ts', 'b']],
    ["import {\n  a,\n  b,\n} from '../core/a.ts'", ['core/a.ts']],
    ["export * from './x.ts'\nexport type { Y } from './y.ts'", ['cli/x.ts', 'cli/y.ts']],
    ["const a = await import('../core/a.ts')", ['core/a.ts']],
    ["import 'node:fs'", ['node:fs']],
    ["// import { a } from 'b'\n/* import c from 'c' */", []],
  ]
  it.each(cases)('%s', (text, targets) => {
    expect(importsOf('cli/this.ts', text).map(({ target }) => target)).toEqual(targets)
  })
})
