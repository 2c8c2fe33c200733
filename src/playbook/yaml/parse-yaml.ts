import { parseEvents, YAMLException } from 'js-yaml'
import { Mistake } from '../../core/diagnostic.ts'
import type { Source } from '../../core/span.ts'
import type { MapNode, Node } from '../../language/node.ts'
import { concealNode } from '../encrypted/conceal-node.ts'
import { type Keys, noKeys } from '../encrypted/keys.ts'
import { openSops, sopsOf, strayValue } from '../encrypted/sops.ts'
import { isVault, openVault } from '../encrypted/vault.ts'
import type { Problems } from '../problems.ts'
import { Composer } from './compose.ts'
import { explainYaml } from './explain.ts'

/**
 * The one document of a YAML text, with its places; null where there is none but comments; undefined after mistakes.
 * What ansible-vault or SOPS encrypted is opened, its values being Secrets.
 */
export function parseYaml(source: Source, problems: Problems, keys: Keys = noKeys): Node | null | undefined {
  return problems.attempt(() => {
    const before = problems.size
    const node = isVault(source.text) ? fromVault(source, problems, keys) : compose(source, problems, keys)
    return problems.size > before ? undefined : fromSops(node, keys)
  })
}

function compose(source: Source, problems: Problems, keys: Keys): Node | null {
  return new Composer(source, eventsOf(source), { problems, keys }).document()
}

function eventsOf(source: Source) {
  try {
    return parseEvents(source.text, {})
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error
    throw new Mistake(explainYaml(error, source))
  }
}

function fromVault(source: Source, problems: Problems, keys: Keys): Node | null {
  const start = source.text.indexOf('$')
  const end = source.text.indexOf('\n', start)
  const span = { source, start, end: end < 0 ? source.text.length : end }
  const text = openVault(source.text, keys.vault(), span)
  const node = compose({ file: source.file, text, hidden: true }, problems, keys)
  return node && concealNode(node)
}

function fromSops(node: Node | null, keys: Keys): Node | null {
  const own = sopsOf(node)
  if (own) return openSops(node as MapNode, own, keys)
  const stray = strayValue(node)
  if (!stray) return node
  const message = 'SOPS encrypted this value, and the `sops` part of the file that opens it is gone'
  throw new Mistake({ code: 'cannot-decrypt', message, span: stray, hint: 'restore the file from version control' })
}
