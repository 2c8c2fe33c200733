import type { LabHost } from '../../lab/lab.ts'
import { changeTrials } from './changes.ts'
import { questionTrials } from './questions.ts'
import { type Ground, type Refused, type Target, targets } from './trial.ts'

/** The table of docs/targets.md, as the trials have it. */
export function overview(): string {
  const host = { name: 'pi', address: '' } as LabHost
  const ground = (target: Target): Ground => ({ target, host, url: '', answer: () => ({}) })
  const row = (kind: string, refusedOn: (target: Target) => Refused) => {
    const cells = targets.map(target => {
      const code = refusedOn(target)[target]
      return code === undefined ? 'yes' : `refused: \`${code}\``
    })
    return `| \`${kind}\` | ${cells.join(' | ')} |`
  }
  const rows = (trials: Record<string, (ground: Ground) => { readonly refused: Refused }>) =>
    Object.keys(trials)
      .sort()
      .map(kind => row(kind, target => trials[kind]!(ground(target)).refused))
  const head = (title: string) => [`| ${title} | Debian 12 | Debian 13 | busybox |`, '| --- | --- | --- | --- |']
  return [...head('question'), ...rows(questionTrials), '', ...head('change'), ...rows(changeTrials), ''].join('\n')
}
