import { loadAll } from 'js-yaml'
import { type ClusterObject, fieldOf, isFields, type ObjectRef } from '../../core/cluster-object.ts'
import type { Diagnostic } from '../../core/diagnostic.ts'
import { type Asking, ask } from '../../core/question.ts'
import { containsSecret, Secret } from '../../core/secret.ts'
import { sha256 } from '../../core/sha256.ts'
import type { ManifestArg } from '../../questions/k8s/applied.ts'
import { localFile } from '../../questions/local.ts'
import { apiVersionOf } from './kinds.ts'

export interface ObjectArgs {
  readonly definition?: unknown
  readonly src?: string | undefined
  readonly api_version?: string | undefined
  readonly kind?: string | undefined
  readonly name?: string | undefined
  readonly namespace?: string | undefined
}

/** The objects that a task is about, or why it cannot be told which. */
export function* wishedObjects(args: ObjectArgs): Asking<readonly ManifestArg[] | Diagnostic> {
  const { definition, src, kind, name } = args
  const ways = [definition, src, kind ?? name].filter(way => way !== undefined).length
  if (ways !== 1) return mistake('give one of `definition`, `src`, or `kind` with `name`')
  if (definition !== undefined) return read([definition].flat(), args.namespace, 'definition')
  if (src !== undefined) return yield* ofFile(src, args.namespace)
  if (kind === undefined || name === undefined) return mistake('`kind` and `name` go together')
  const apiVersion = args.api_version ?? apiVersionOf(kind)
  return read([{ apiVersion, kind, metadata: { name } }], args.namespace, 'kind')
}

/** The objects that are named, whatever else of them is not known yet; none where one of them is not. */
export function namedObjects({ definition, kind, name, namespace, api_version }: ObjectArgs): readonly ObjectRef[] {
  const named = {
    apiVersion: api_version ?? (typeof kind === 'string' ? apiVersionOf(kind) : ''),
    kind,
    metadata: { name },
  }
  const refs = (definition === undefined ? [named] : [definition].flat()).map(one => refOf(one, namespace))
  return refs.every(ref => ref !== undefined) ? refs : []
}

function* ofFile(src: string, namespace: string | undefined): Asking<readonly ManifestArg[] | Diagnostic> {
  const { bytes, type } = yield* ask(localFile(src))
  if (type !== 'file' || bytes === undefined) return mistake(`${src} is no file, or larger than 1 MiB`)
  try {
    const documents = loadAll(Buffer.from(bytes).toString('utf8')).filter(one => one !== null && one !== undefined)
    return read(documents, namespace, src)
  } catch (error) {
    return mistake(`${src} is not YAML: ${String((error as Error).message).split('\n')[0]}`)
  }
}

function read(found: readonly unknown[], namespace: string | undefined, where: string) {
  const objects = found.flatMap(one => (isList(one) ? one.items : [one]))
  if (objects.length === 0) return mistake(`there is no object in ${where}`)
  const wrong = objects.findIndex(one => refOf(one, namespace) === undefined)
  if (wrong >= 0) {
    const which = objects.length === 1 ? '' : ` ${wrong + 1}`
    return mistake(`object${which} of ${where} needs apiVersion, kind and metadata.name, each a text`)
  }
  return objects.map(one => manifestOf(one as ClusterObject, refOf(one, namespace)!))
}

function manifestOf(definition: ClusterObject, ref: ObjectRef): ManifestArg {
  const text = JSON.stringify(opened(definition))
  const digest = sha256(text)
  return { ref, definition, manifest: containsSecret(definition) ? new Secret(text) : text, digest }
}

/** Of the cluster as a whole; others of that sort are found as well, a namespace beside them is not minded. */
const clusterWide =
  /^(Namespace|Node|PersistentVolume|StorageClass|CustomResourceDefinition|PriorityClass|ClusterRole.*)$/

function refOf(object: unknown, namespace: string | undefined): ObjectRef | undefined {
  const apiVersion = fieldOf(object, 'apiVersion')
  const kind = fieldOf(object, 'kind')
  const name = fieldOf(object, 'metadata', 'name')
  const own = fieldOf(object, 'metadata', 'namespace')
  const texts = [apiVersion, kind, name].every(part => typeof part === 'string' && part !== '')
  if (!texts || (own !== undefined && typeof own !== 'string')) return undefined
  const where = clusterWide.test(kind as string) ? undefined : (own ?? namespace)
  const ref = { apiVersion: apiVersion as string, kind: kind as string, name: name as string }
  return where === undefined ? ref : { ...ref, namespace: where }
}

function isList(value: unknown): value is { readonly items: readonly unknown[] } {
  return isFields(value) && /List$/.test(String(value.kind)) && Array.isArray(value.items)
}

/** With its secrets, as it goes to the server and nowhere else. */
function opened(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal()
  if (Array.isArray(value)) return value.map(opened)
  if (!isFields(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, opened(part)]))
}

function mistake(message: string): Diagnostic {
  const hint =
    'k8s: { definition: { apiVersion: v1, kind: Namespace, metadata: { name: web } } }, or k8s: { src: web.yml }'
  return { code: 'wrong-value', message, hint }
}
