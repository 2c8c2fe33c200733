import type { Question } from '../core/question.ts'
import type { Shadow } from '../core/shadow.ts'
import { Unknown } from '../core/unknown.ts'
import type { QuestionKind } from './kind.ts'
import { parseConnections } from './nm/parse.ts'
import { connectionScript } from './nm/script.ts'

/** Which connection is meant: by its name or UUID, by its device, or (neither) that of the default route. */
export interface ConnectionArg {
  readonly name?: string | undefined
  readonly device?: string | undefined
}

export interface ListedConnection {
  readonly uuid: string
  readonly device: string
  readonly name: string
}

export type ConnectionAnswer =
  | { readonly state: 'no-nmcli' | 'not-running' }
  | {
      readonly state: 'not-found' | 'ambiguous'
      readonly device: string
      readonly connections: readonly ListedConnection[]
    }
  | {
      readonly state: 'found'
      readonly uuid: string
      readonly name: string
      /** The device it is active on; '' where it is not. */
      readonly device: string
      /** netplan makes the profile anew at each boot, and this NetworkManager does not write to netplan. */
      readonly volatile?: true
      /** What the profile says, by NetworkManager's names (`ipv4.dns`). */
      readonly profile: { readonly [property: string]: string }
      /** The resolvers that the device really uses now. */
      readonly resolvers: { readonly ipv4: readonly string[]; readonly ipv6: readonly string[] }
    }

const kind = 'nm.connection'

export function nmConnection(arg: ConnectionArg): Question<ConnectionAnswer> {
  const key = arg.name !== undefined ? `name:${arg.name}` : `device:${arg.device ?? ''}`
  return { kind, key, arg }
}

export const nmConnectionKind: QuestionKind<ConnectionArg, ConnectionAnswer> = {
  kind,
  sh: connectionScript,
  parse: parseConnections,
  predict: (shadow, _, actual) => (actual?.state === 'found' ? underShadow(shadow, actual) : undefined),
}

type Found = Extract<ConnectionAnswer, { readonly state: 'found' }>

/** Under this name the shadow keeps a property of a connection. */
export function nmValue(uuid: string, property: string): string {
  return `nm:${uuid}:${property}`
}

function underShadow(shadow: Shadow, actual: Found): Found | Unknown {
  const planned = (property: string) => shadow.values.get(nmValue(actual.uuid, property))
  const entries = Object.entries(actual.profile).map(
    ([property, value]) => [property, planned(property) ?? value] as const,
  )
  const unknown = entries.map(([, value]) => value).find(value => value instanceof Unknown)
  if (unknown instanceof Unknown) return unknown
  const profile = Object.fromEntries(entries) as Found['profile']
  if (planned('applied') !== true) return { ...actual, profile }
  return { ...actual, profile, resolvers: { ipv4: resolvers('ipv4'), ipv6: resolvers('ipv6') } }

  function resolvers(family: 'ipv4' | 'ipv6'): readonly string[] {
    const own = listOf(profile[`${family}.dns`] ?? '')
    if (profile[`${family}.ignore-auto-dns`] === 'yes') return own
    return [...own, ...actual.resolvers[family].filter(address => !own.includes(address))]
  }
}

/** NetworkManager writes lists with commas, spaces, or ` | `. */
export function listOf(value: string): readonly string[] {
  return value.split(/[,|\s]+/).filter(part => part !== '')
}
