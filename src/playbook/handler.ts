import type { MapNode } from '../language/node.ts'
import type { Handler, Task } from './model.ts'
import { type Read, readWords } from './read.ts'
import type { Scene } from './scene.ts'

/** Topics; a list may not be split at commas as tags are, so names are kept whole where it is a list. */
const readTopics: Read<readonly string[]> = (node, at) => readWords(node, at)

export const handlerKeys = { listen: readTopics } as const

interface Written {
  readonly node: MapNode
  readonly keys: {
    readonly values: { readonly listen?: readonly string[] }
    readonly spans: { readonly listen?: Task['span'] }
  }
}

/** In a list of handlers a task is a handler; elsewhere `listen` has no meaning. */
export function asHandler(task: Task, { node, keys }: Written, scene: Scene): readonly (Task | Handler)[] {
  const { problems } = scene.loader
  const { listen } = keys.values
  if (!scene.handlers) {
    if (listen) {
      const hint = 'move the task to `handlers:`'
      problems.add({ code: 'unknown-key', message: "only a handler has 'listen'", span: keys.spans.listen, hint })
    }
    return [task]
  }
  const name = writtenName(node)
  if (name === undefined && !listen) {
    const hint = 'add `name:`, which tasks notify'
    problems.add({ code: 'missing-key', message: 'a handler needs a name', span: node.span, hint })
    return []
  }
  const own = name ?? listen!.join(', ')
  const handler: Handler = { ...task, address: scene.role ? `${scene.role.name} : ${own}` : own, listen: listen ?? [] }
  return [handler]
}

export function writtenName(node: MapNode): string | undefined {
  const value = node.entries.find(({ key }) => key === 'name')?.value
  return value?.kind === 'scalar' && value.value !== null ? String(value.value) : undefined
}
