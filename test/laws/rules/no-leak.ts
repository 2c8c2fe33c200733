import { inspect } from 'node:util'
import type { ShownChange } from '../../../src/core/event.ts'
import { Secret } from '../../../src/core/secret.ts'
import type { Evidence } from '../evidence.ts'
import type { Rule } from './rule.ts'

/** L5: secrets are in no event, and on the host only where a change with a secret text wrote them. */
export const noLeak: Rule = {
  law: 'L5',
  breaches(seen) {
    const secrets = Object.values(seen.trial.secrets ?? {})
    return secrets.flatMap(secret => [...spoken(seen, secret), ...strewn(seen, secret)])
  },
}

function spoken({ check, run, second, last }: Evidence, secret: string): readonly string[] {
  const forms = [secret, Buffer.from(secret).toString('base64').replace(/=+$/, ''), encodeURIComponent(secret)]
  const events = [check, run, second, last].flatMap(ran => [...ran.events, ...ran.journal])
  const told = (event: unknown) => JSON.stringify(event) + inspect(event, { depth: 12, maxStringLength: null })
  const leaks = events.filter(event => forms.some(form => told(event).includes(form)))
  return leaks.map(event => `${secret} is told by ${JSON.stringify(event).slice(0, 400)}`)
}

function strewn({ run, afterRun, before, root }: Evidence, secret: string): readonly string[] {
  const meant = new Set(run.ends.flatMap(end => end.changes.filter(holdsSecret).map(change => change.diff.subject)))
  const holding = [...afterRun.files].filter(([path, { content }]) => {
    return content?.includes(secret) && !before.files.get(path)?.content?.includes(secret)
  })
  return holding
    .filter(([path]) => !meant.has(path))
    .map(([path]) => `${secret} is in ${path.replace(root, '/law')}, which no change with a secret wrote`)
}

export function holdsSecret({ diff }: ShownChange): boolean {
  return diff.after instanceof Secret
}
