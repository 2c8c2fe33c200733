import { outText, type Section } from '../../core/section.ts'
import { badAnswer } from '../bad-answer.ts'
import { type ConnectionAnswer, type ConnectionArg, type ListedConnection, listOf } from '../nm-connection.ts'
import { profileProperties } from './properties.ts'

export function parseConnections(section: Section, args: readonly ConnectionArg[]): readonly ConnectionAnswer[] {
  const blocks = outText(section).split(/^@ /m).slice(1)
  if (section.truncated || blocks.length !== args.length) throw badAnswer('NetworkManager', section)
  return blocks.map(block => parseBlock(block, section))
}

function parseBlock(block: string, section: Section): ConnectionAnswer {
  const [head = '', ...lines] = block.replace(/\n$/, '').split('\n')
  const [state, device = '', lasting] = head.split(' ')
  switch (state) {
    case 'no-nmcli':
    case 'not-running':
      return { state }
    case 'not-found':
    case 'ambiguous':
      return { state, device, connections: lines.filter(line => line !== '').map(listed) }
    case 'found':
      return { state, device, ...(lasting === 'volatile' ? { volatile: true } : {}), ...found(lines, section) }
    default:
      throw badAnswer('NetworkManager', section)
  }
}

/** `UUID:DEVICE:NAME` of nmcli's terse mode, in which `:` and `\` of a value stand after a `\`. */
export function listed(line: string): ListedConnection {
  const [uuid = '', device = '', ...name] = splitTerse(line)
  return { uuid, device, name: name.join(':') }
}

function splitTerse(line: string): readonly string[] {
  const fields = line.match(/(?:\\.|[^:\\])*(?::|$)/g) ?? []
  return fields.map(field => field.replace(/:$/, '').replace(/\\(.)/g, '$1')).slice(0, -1)
}

function found(lines: readonly string[], section: Section) {
  const end = lines.lastIndexOf('=')
  const values = lines.slice(0, end)
  if (end < 0 || values.length !== profileProperties.length) throw badAnswer('a connection of NetworkManager', section)
  const profile = Object.fromEntries(profileProperties.map((property, i) => [property, values[i]!]))
  const [ipv4 = '', ipv6 = ''] = lines.slice(end + 1)
  return {
    uuid: profile['connection.uuid']!,
    name: profile['connection.id']!,
    profile,
    resolvers: { ipv4: listOf(ipv4), ipv6: listOf(ipv6) },
  }
}
