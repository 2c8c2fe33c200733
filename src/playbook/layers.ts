import { type Host, type Play, type Project, type Rank, ranks, type Task, type VarLayer } from './model.ts'

const strength = new Map<Rank, number>(ranks.map((rank, i) => [rank, i]))

/** Weakest first; of two with the same rank the later one stays the stronger. */
export function byRank(layers: readonly VarLayer[]): readonly VarLayer[] {
  return layers.toSorted((a, b) => strength.get(a.rank)! - strength.get(b.rank)!)
}

/** All that a task (or the play, without one) sees on a host, weakest first; registered values are the engine's to add. */
export function layersFor(
  project: Project,
  play: Play,
  host: Host,
  task?: Pick<Task, 'keywords'>,
): readonly VarLayer[] {
  return byRank([...host.layers, ...play.layers, ...(task?.keywords.layers ?? []), project.extra])
}
