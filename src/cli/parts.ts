import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { constants, Script } from 'node:vm'
import { type Compiled, compiledParts } from './compiled.ts'

type Part = (
  exports: object,
  require: (name: string) => unknown,
  module: { exports: object },
  file: string,
  folder: string,
  url: string,
) => void

/**
 * Loads a built part of the program, and the parts that it asks for, with what the machine made of them the last time:
 * to read and compile two megabytes of text takes longer than all that `--syntax-check` does with them.
 */
export function loadPart(folder: string, name: string): unknown {
  const compiled = compiledParts()
  const loaded = new Map<string, { exports: object }>()
  const load = (file: string): object => {
    const known = loaded.get(file)
    if (known) return known.exports
    const part = { exports: {} }
    loaded.set(file, part)
    const others = createRequire(file)
    const require = (wanted: string): unknown =>
      wanted.startsWith('.') ? load(join(dirname(file), wanted)) : others(wanted)
    compile(file, compiled)(part.exports, require, part, file, dirname(file), pathToFileURL(file).href)
    return part.exports
  }
  return load(join(folder, name))
}

/** The build makes of each part one function, in plain ASCII. */
function compile(file: string, compiled: Compiled): Part {
  const cachedData = compiled.find(file)
  const script = new Script(readFileSync(file, 'latin1'), {
    filename: file,
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData && { cachedData }),
  })
  compiled.use(file, script, cachedData && !script.cachedDataRejected ? cachedData.length : 0)
  return script.runInThisContext() as Part
}
