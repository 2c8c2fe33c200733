import { type Outcome, type Plan, strikeEverywhere } from './campaign.ts'
import type { OpenGround } from './ground.ts'
import { openJoin } from './join-ground.ts'
import { openMixed } from './mixed-ground.ts'
import { buildStruck, dropStruck } from './struck-program.ts'

const plays: Readonly<Record<string, (program: string, lane: string) => Promise<OpenGround>>> = {
  mixed: openMixed,
  join: openJoin,
}

/** `npm run chaos -- --frames mixed|join|all`: how many strikes were not survived. */
export async function frames(program: string, which: string, plan: Plan & { readonly lanes: number }): Promise<number> {
  const names = which === 'all' ? Object.keys(plays) : [which]
  await buildStruck()
  let broken = 0
  try {
    for (const name of names) {
      const open = plays[name]
      if (!open) throw new Error(`no play '${name}'; there are: ${Object.keys(plays).join(', ')}, all`)
      const grounds: OpenGround[] = []
      try {
        for (let lane = 1; lane <= plan.lanes; lane++) grounds.push(await open(program, lane === 1 ? '' : `-${lane}`))
        broken += summed(name, await strikeEverywhere(grounds, program, plan), plan)
      } finally {
        for (const ground of grounds) await ground.close()
      }
    }
  } finally {
    dropStruck()
  }
  return broken
}

function summed(name: string, { boundaries, points, tallies }: Outcome, { say }: Plan): number {
  for (const [victim, { tried, missed, broken }] of tallies)
    say(`${name} ${victim}: ${tried} strikes, ${missed} that came to nobody, ${broken.length} not survived`)
  const sum = (of: 'tried' | 'missed') => [...tallies.values()].reduce((total, tally) => total + tally[of], 0)
  const broken = [...tallies.values()].flatMap(tally => tally.broken)
  say(
    `${name}: ${boundaries} boundaries; ${sum('tried') + sum('missed')} of ${points} strikes, ${broken.length} not survived`,
  )
  return broken.length
}
