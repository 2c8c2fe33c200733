import { Secret } from '../../src/core/secret.ts'
import type { AnswerTrial } from './answers.ts'
import type { Json, Trial } from './trial.ts'

/** The play that a trial by answers is about: its one task, secrets by variables. */
export function playOfAnswers(module: string, { args, groups }: AnswerTrial): Trial {
  const secrets: { [variable: string]: string } = {}
  const said = (value: unknown): Json => {
    if (value instanceof Secret) {
      const variable = `secret${Object.keys(secrets).length}`
      secrets[variable] = value.reveal()
      return `{{${variable}}}`
    }
    if (Array.isArray(value)) return value.map(said)
    // By answers a project's file may stand anywhere; here it must be in the project.
    if (typeof value === 'string') return value.replace(/^\/files\//, '')
    if (typeof value !== 'object' || value === null) return value as Json
    return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, said(part)]))
  }
  return {
    found: ':',
    tasks: [{ name: 'one', [module]: said(args) }],
    secrets,
    // What k3s_agent looks for in the project where nothing else is said.
    files: { 'files/install.sh': '#!/bin/sh\n' },
    ...(groups === undefined ? {} : { groups }),
  }
}
