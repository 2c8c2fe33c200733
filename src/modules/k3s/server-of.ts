import type { Diagnostic } from '../../core/diagnostic.ts'
import type { Ctx } from '../../core/module.ts'

/** The inventory name of the k3s server: as told, else the first host of the group `server`. */
export function serverOf(ctx: Ctx, told: string | undefined): string | undefined {
  return told ?? ctx.groups.server?.[0]
}

export const serverMissing: Diagnostic = {
  code: 'k3s-no-server',
  message: 'it is not said which host is the k3s server',
  hint: 'put it first into the group `server` of the inventory, or give `server: HOST`',
}

/** How a module says who the server is. */
export const serverArg = {
  type: 'string',
  description: 'The inventory name of the k3s server; the first host of the group `server` when absent.',
} as const
