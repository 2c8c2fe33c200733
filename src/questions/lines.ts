import { outText, type Section } from '../core/section.ts'
import { badAnswer } from './bad-answer.ts'

/** The parts of an answer that ends each with NUL; exactly as many as were asked for. */
export function nulParts(section: Section, count: number, about: string): readonly string[] {
  const parts = outText(section).split('\0')
  if (section.truncated || parts.length !== count + 1 || parts[count] !== '') throw badAnswer(about, section)
  return parts.slice(0, count)
}

/** A whole number as programs print it; anything else is garbage, and no number of ours. */
export function wholeNumber(text: string | undefined, section: Section, about: string): number {
  if (text === undefined || !/^\d{1,20}$/.test(text)) throw badAnswer(about, section)
  return Number(text)
}

export function linesOf(text: string): readonly string[] {
  return text.split('\n').filter(line => line !== '')
}
