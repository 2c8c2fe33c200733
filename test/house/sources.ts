import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'

const src = resolve(import.meta.dirname, '../../src')

/** One file of ours, as the house's rules look at it. */
export interface SourceFile {
  /** Relative to src, with `/`. */
  readonly path: string
  readonly room: string
  readonly text: string
  /** Without comments. */
  readonly code: string
  readonly imports: readonly Import[]
}

export interface Import {
  readonly text: string
  /** Relative to src for our own files, else the package or `node:` name. */
  readonly target: string
  readonly room: string | undefined
  readonly typeOnly: boolean
}

export function sourceFiles(): readonly SourceFile[] {
  return readdirSync(src, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map(name => read(name.split(sep).join('/')))
}

function read(path: string): SourceFile {
  const text = readFileSync(join(src, path), 'utf8')
  return { path, room: path.split('/')[0] ?? '', text, code: withoutComments(text), imports: importsOf(path, text) }
}

const importing =
  /(?:^|\n)\s*(?:import|export)\s+(type\s+)?(?:[^'"();]*?\sfrom\s+)?'([^']+)'|\bimport\(\s*'([^']+)'\s*\)/g

export function importsOf(path: string, text: string): readonly Import[] {
  return [...withoutComments(text).matchAll(importing)].map(match => {
    const name = match[2] ?? match[3] ?? ''
    const own = name.startsWith('.')
    const target = own
      ? relative(src, resolve(src, dirname(path), name))
          .split(sep)
          .join('/')
      : name
    return { text: name, target, room: own ? target.split('/')[0] : undefined, typeOnly: match[1] !== undefined }
  })
}

function withoutComments(text: string): string {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/(\s)\/\/\s.*$/gm, '$1')
}
