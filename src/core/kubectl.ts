import type { ObjectRef } from './cluster-object.ts'
import { reveal, type Text } from './secret.ts'
import { operand, printBytes, quote } from './sh.ts'

/** The words by which kubectl finds an object, whatever other groups call their kinds. */
export function objectWords({ apiVersion, kind, name, namespace }: ObjectRef): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  const type = group === '' ? kind : `${kind}.${version}.${group}`
  return `${operand(type)} ${operand(name)}${namespaceWords(namespace)}`
}

/**
 * Shell text that applies a manifest, and prints the object as it is then. The server merges: fields that nobody
 * names stay, those that an earlier manifest of ours named go. The manifest is in nobody's arguments.
 */
export function applyManifest(manifest: Text, namespace: string | undefined, options: string): string {
  const kubectl = 'k3s kubectl apply --server-side --force-conflicts --field-manager=pitool -f - -o json'
  return `${printBytes(reveal(manifest))} | ${kubectl}${namespaceWords(namespace)} ${options}`
}

/** kubectl minds it only where the kind has namespaces. */
function namespaceWords(namespace: string | undefined): string {
  return namespace === undefined ? '' : ` --namespace=${quote(namespace)}`
}
