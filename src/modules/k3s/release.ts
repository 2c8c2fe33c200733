/** One program of a release: where it is, and where its sum stands. */
export interface Release {
  readonly url: string
  readonly sums: { readonly url: string; readonly name: string }
}

const architectures: { readonly [machine: string]: readonly [suffix: string, sums: string] } = {
  aarch64: ['-arm64', 'arm64'],
  arm64: ['-arm64', 'arm64'],
  armv7l: ['-armhf', 'arm'],
  armv8l: ['-armhf', 'arm'],
  x86_64: ['', 'amd64'],
  amd64: ['', 'amd64'],
}

/** The program for a machine as `uname -m` calls it; undefined where k3s has none. */
export function releaseOf(base: string, version: string, machine: string): Release | undefined {
  const known = architectures[machine]
  if (known === undefined) return undefined
  const [suffix, sums] = known
  const folder = `${base.replace(/\/+$/, '')}/${encodeURIComponent(version)}`
  return { url: `${folder}/k3s${suffix}`, sums: { url: `${folder}/sha256sum-${sums}.txt`, name: `k3s${suffix}` } }
}
