import { setGroup } from '../changes/group-set.ts'
import { changed, defineModule, type Plan, unchanged } from '../core/module.ts'
import { ask } from '../core/question.ts'
import { type GroupAnswer, groupState } from '../questions/account.ts'
import { fixedAccounts } from './failed.ts'

export const group = defineModule({
  name: 'group',
  summary: 'Keep a local group, or keep it out.',
  args: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', pattern: '^[a-z_][a-z0-9_.-]*\\$?$', expects: 'the name of a group' },
      state: { enum: ['present', 'absent'], default: 'present' },
      gid: { type: 'integer', minimum: 0 },
      system: { type: 'boolean', default: false, description: 'A number below 1000, when it is made.' },
    },
  },
  returns: { name: 'the group', gid: 'its number, where known', state: 'present or absent' },
  targets: args => [{ facet: 'group', name: args.name }],
  *plan(args) {
    const seen = yield* ask(groupState(args.name))
    const planned = plannedFor(args, seen)
    return seen.fixed && planned.changes.length > 0 ? fixedAccounts() : planned
  },
})

interface Args {
  readonly name: string
  readonly state: 'present' | 'absent'
  readonly gid?: number | undefined
  readonly system: boolean
}

function plannedFor({ name, state, gid, system }: Args, seen: GroupAnswer): Plan {
  const result = { name, state }
  if (state === 'absent') {
    return seen.exists ? changed([setGroup({ name, action: 'remove' })], result) : unchanged(result)
  }
  const known = { ...result, ...(gid === undefined ? {} : { gid }) }
  if (!seen.exists) return changed([setGroup({ name, action: 'add', gid, system })], known)
  if (gid === undefined || gid === seen.gid) return unchanged({ ...result, gid: seen.gid ?? null })
  return changed([setGroup({ name, action: 'change', gid, before: String(seen.gid) })], known)
}
