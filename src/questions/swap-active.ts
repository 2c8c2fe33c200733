import type { Question } from '../core/question.ts'
import { outText, type Section } from '../core/section.ts'
import { badAnswer } from './bad-answer.ts'
import type { QuestionKind } from './kind.ts'
import { wholeNumber } from './lines.ts'

/** A swap in use: `/dev/zram0`, `/var/swap`. */
export interface ActiveSwap {
  readonly name: string
  readonly kind: 'file' | 'partition'
  readonly sizeKb: number
}

const kind = 'swap.active'
/** Under this name the shadow keeps what stays active. */
export const activeSwapsValue = 'swap:active'

export function activeSwaps(): Question<readonly ActiveSwap[]> {
  return { kind, key: '', arg: null }
}

export const activeSwapsKind: QuestionKind<null, readonly ActiveSwap[]> = {
  kind,
  sh: () => 'if [ -r /proc/swaps ]; then cat /proc/swaps; else echo Filename; fi',
  parse: (section, args) => {
    const answer = read(section)
    return args.map(() => answer)
  },
  predict: shadow => shadow.values.get(activeSwapsValue) as readonly ActiveSwap[] | undefined,
}

function read(section: Section): readonly ActiveSwap[] {
  const [header = '', ...lines] = outText(section).trimEnd().split('\n')
  if (!header.startsWith('Filename')) {
    throw badAnswer('/proc/swaps', section)
  }
  return lines.map(line => {
    const [name = '', type, size] = line.split(/\s+/)
    return {
      name: plainName(name),
      kind: type === 'partition' ? 'partition' : 'file',
      sizeKb: wholeNumber(size, section, '/proc/swaps'),
    }
  })
}

/** The kernel writes odd characters of names as `\040`. */
function plainName(name: string): string {
  return name.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}
