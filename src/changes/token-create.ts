import type { Change } from '../core/change.ts'
import { Failure } from '../core/diagnostic.ts'
import { mask, Secret } from '../core/secret.ts'
import { errText, outText } from '../core/section.ts'
import { quote } from '../core/sh.ts'
import type { ChangeKind } from './kind.ts'
import { withoutK3s } from './node/explain.ts'

/** A short-lived token with which one agent may join, made on the server. */
export interface TokenCreate extends Change {
  readonly kind: 'token.create'
  /** As k3s takes it: `1h`, `30m`. */
  readonly ttl: string
  readonly description: string
}

export function createToken(server: string, ttl: string, description: string): TokenCreate {
  return { kind: 'token.create', on: server, ttl, description }
}

export const tokenCreateKind: ChangeKind<TokenCreate> = {
  kind: 'token.create',
  carry: ({ ttl, description }) => ({
    script: `PATH=$PATH:/usr/local/bin\nk3s token create --ttl ${quote(ttl)} --description ${quote(description)}`,
    timeout: 60,
  }),
  outcome: section => {
    const token = outText(section).trim().split('\n').at(-1) ?? ''
    if (!/^(K10[0-9a-f]{64}::)?[a-z0-9]{6}\.[a-z0-9]{16}$/.test(token)) {
      throw new Failure({ code: 'bad-answer', message: '`k3s token create` printed something that is no token' })
    }
    return { token: new Secret(token) }
  },
  explain: section =>
    withoutK3s(section) ?? {
      code: 'change-failed',
      message: 'the server made no token',
      hint: 'use kind: server, or look at `journalctl -u k3s` on the server',
      cause: mask(errText(section).trim()).slice(0, 1000),
    },
  fold: () => {},
  diff: ({ ttl }) => ({ subject: 'k3s token', summary: `make a k3s token that lasts ${ttl}` }),
  footprint: () => [],
}
