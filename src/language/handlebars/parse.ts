import base from 'handlebars/dist/cjs/handlebars/compiler/base.js'
import { type Diagnostic, Mistake } from '../../core/diagnostic.ts'
import type { Span } from '../../core/span.ts'
import type { Locate } from '../locate.ts'
import type { ProgramNode } from './ast.ts'
import { tooDeep } from './depth.ts'
import { type Habit, mustacheHabit, statementHabits } from './habits.ts'
import { type Mustache, type Scan, scan } from './scan.ts'

/** The tree of a template. Throws a Mistake that names the very mustache, or Jinja's spelling and ours. */
export function parseTemplate(text: string, locate: Locate): ProgramNode {
  const deep = tooDeep(text)
  if (deep) throw new Mistake(nestedTooDeep(locate(deep.start, deep.end)))
  const program = parse(text)
  const scanned = text.includes('{%') || typeof program === 'string' ? scan(text) : undefined
  const habits = scanned === undefined ? [] : statementHabits(scanned)
  if (typeof program !== 'string' && habits.length === 0) return program
  const all = typeof program === 'string' ? [...habits, ...brokenHabits(scanned!)] : habits
  if (all.length > 0) throw new Mistake(...all.map(habit => asDiagnostic(habit, locate)))
  throw new Mistake(syntax(text, scanned!, { locate, said: String(program) }))
}

function nestedTooDeep(span: Span): Diagnostic {
  const hint = 'give the inner parts names of their own, as variables'
  return { code: 'template-syntax', message: 'this is nested more than 100 deep', span, hint }
}

export function asDiagnostic({ start, end, message, hint }: Habit, locate: Locate): Diagnostic {
  return { code: 'jinja-habit', message, span: locate(start, end), hint }
}

/** Handlebars' only entry that is used: its parser, with the white space control. A string is what it complains of. */
function parse(text: string): ProgramNode | string {
  try {
    return base.parse(text) as ProgramNode
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function brokenHabits({ mustaches }: Scan): readonly Habit[] {
  return mustaches.filter(isBroken).flatMap(mustache => mustacheHabit(mustache) ?? [])
}

function isBroken({ mark, inner }: Mustache): boolean {
  if (mark.startsWith('/') || mark === '^' || /^\s*else\b/.test(inner)) return false
  return typeof parse(`{{${inner}}}`) === 'string' && typeof parse(`{{#${inner}}}{{/${nameOf(inner)}}}`) === 'string'
}

function nameOf(inner: string): string {
  return /[^\s~]+/.exec(inner)?.[0] ?? ''
}

function syntax(text: string, scanned: Scan, { locate, said }: { locate: Locate; said: string }): Diagnostic {
  const code = 'template-syntax'
  const broken = scanned.mustaches.find(isBroken)
  const crowded = scanned.mustaches.find(({ end }) => text[end] === '}')
  if (broken !== undefined) {
    const message = broken.inner.trim() === '' ? 'empty braces' : `cannot read {{${broken.mark}${broken.inner}}}`
    return { code, message, span: locate(broken.start, broken.end), hint: 'write {{name}} or {{helper argument …}}' }
  }
  if (crowded !== undefined) {
    const { start, end, mark, inner } = crowded
    const message = 'the brace right after }} is taken for one of them'
    const hint = `put a space between; a ~ takes it out again: {{${mark}${inner}~}} }`
    return { code, message, span: locate(start, end + 1), hint }
  }
  if (scanned.open !== undefined) {
    const span = locate(scanned.open, Math.min(text.length, scanned.open + 2))
    return { code, message: 'these braces never end', span, hint: 'close them with }}, or write \\{{ for plain braces' }
  }
  return nesting(scanned, locate) ?? { code, message: said.split('\n')[0]!, span: locate(0, text.length) }
}

/** The first block that is opened and not closed, closed and not opened, or closed by another's name. */
function nesting({ mustaches }: Scan, locate: Locate): Diagnostic | undefined {
  const code = 'template-syntax'
  const open: Mustache[] = []
  for (const mustache of mustaches) {
    const span = locate(mustache.start, mustache.end)
    const name = nameOf(mustache.inner)
    if (/^[#^]/.test(mustache.mark) && name !== '') open.push(mustache)
    else if (mustache.mark === '/') {
      const opened = nameOf(open.pop()?.inner ?? '')
      if (opened === '')
        return { code, message: `{{/${name}}} closes nothing`, span, hint: `open it with {{#${name} …}}` }
      if (opened !== name)
        return {
          code,
          message: `{{/${name}}} stands where {{/${opened}}} must`,
          span,
          hint: `close {{#${opened}}} first`,
        }
    } else if (name === 'else' && open.length === 0) {
      return { code, message: '{{else}} is in no block', span, hint: 'open one with {{#if …}}' }
    }
  }
  const last = open.at(-1)
  if (last === undefined) return undefined
  const name = nameOf(last.inner)
  const message = `{{#${name}}} is never closed`
  return { code, message, span: locate(last.start, last.end), hint: `close it with {{/${name}}}` }
}
