import { didYouMean } from '../core/did-you-mean.ts'
import { modules } from '../modules/index.ts'
import { renderDoc, renderDocList } from '../report/doc.ts'
import { createPalette, wantsColor } from '../report/palette.ts'
import { isTerminal, toStdout } from '../report/streams.ts'
import { exits } from './exit.ts'
import { usage } from './flags.ts'

/** `pitool doc [MODULE]`: from the module's own declaration, so that it cannot be out of date. */
export function doc([name]: readonly string[]): number {
  const paint = createPalette(wantsColor(process.env, isTerminal('stdout')))
  toStdout(`${(name === undefined ? renderDocList(modules, paint) : renderDoc(find(name), paint)).join('\n')}\n`)
  return exits.well
}

function find(name: string) {
  const plain = name.replace(/^ansible\.(builtin|posix)\.|^community\.general\./, '')
  const found = modules.find(module => module.name === plain)
  if (found) return found
  const near = didYouMean(
    plain,
    modules.map(module => module.name),
  )
  throw usage(`there is no module '${name}'`, near ? `did you mean '${near}'?` : '`pitool doc` lists them all')
}
