import type { Parsed } from './parse.ts'

type Command = Extract<Parsed, { kind: 'command' }>

/** Loads only what the command needs: `doc` no transport, `ping` no modules. Gives the exit code. */
export async function dispatch({ name, words, flags }: Command): Promise<number> {
  switch (name) {
    case 'play':
      return (await import('./play.ts')).play(words, flags)
    case 'inventory':
      if (words.length > 0) return (await import('./inventory-add.ts')).addToInventory(words, flags)
      return (await import('./inventory.ts')).showInventory(flags)
    case 'ping':
      return (await import('./ping.ts')).ping(words, flags)
    case 'run':
      return (await import('./run.ts')).run(words, flags)
    case 'unlock':
      return (await import('./unlock.ts')).unlock(words, flags)
    case 'runs':
      return (await import('./runs.ts')).runs(words)
    case 'report':
      return (await import('./report.ts')).report(words, flags)
    case 'doc':
      return (await import('./doc.ts')).doc(words)
  }
}
