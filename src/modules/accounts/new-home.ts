import type { NewHome } from '../../changes/user-set.ts'
import { type Asking, askAll } from '../../core/question.ts'
import { fileStat } from '../../questions/file.ts'
import { fileTree } from '../../questions/file-tree.ts'

const skeleton = '/etc/skel'

interface Wish {
  readonly name: string
  readonly home?: string | undefined
  readonly create_home: boolean
}

/** The home that is made with an account, and what will be in it; undefined where none is made. */
export function* newHome({ name, home = `/home/${name}`, create_home }: Wish): Asking<NewHome | undefined> {
  if (!create_home) return undefined
  const [there, skel] = yield* askAll(fileStat(home), fileTree(skeleton))
  if (there.type !== 'absent') return undefined
  return { path: there.real, holds: skel.slice(1).map(({ path }) => path.slice(skeleton.length + 1)) }
}
