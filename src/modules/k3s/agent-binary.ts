import { downloadFile } from '../../changes/file-download.ts'
import { type FileUpload, uploadFile } from '../../changes/file-upload.ts'
import type { Change } from '../../core/change.ts'
import type { Diagnostic } from '../../core/diagnostic.ts'
import { type Asking, ask } from '../../core/question.ts'
import type { BinaryAnswer } from '../../questions/k3s/binary.ts'
import { type LocalDigestAnswer, localDigest } from '../../questions/local-digest.ts'
import { localDownload } from '../../questions/local-download.ts'
import { k3sPath } from './paths.ts'
import { releaseOf } from './release.ts'

/** Where the program is to come from. */
export interface BinaryWish {
  readonly install: 'binary' | 'file' | 'script'
  readonly version?: string | undefined
  readonly binary_src?: string | undefined
  readonly release_url: string
  readonly sha256?: string | undefined
  readonly fetch: 'target' | 'control'
}

export type BinaryPlan = { readonly change?: Change; readonly message?: string } | { readonly failed: Diagnostic }

const mode = '0755'

/** What brings the program to where it is wanted; no change where it is there. */
export function* planBinary(wish: BinaryWish, have: BinaryAnswer, machine: string): Asking<BinaryPlan> {
  if (wish.install === 'file' || (wish.install === 'script' && wish.binary_src !== undefined))
    return yield* planFile(wish, have)
  const { version, sha256 } = wish
  if (sha256 === undefined ? version === undefined && have.exists : have.digest === sha256) return {}
  if (sha256 === undefined && version === have.version && have.exists) return {}
  if (version === undefined) return { failed: noVersion }
  const release = releaseOf(wish.release_url, version, machine)
  if (release === undefined) return { failed: noProgram(machine) }
  if (wish.fetch === 'target') {
    const sums = sha256 === undefined ? { sums: release.sums } : { digest: sha256 }
    return {
      change: downloadFile({ path: k3sPath, url: release.url, mode, ...sums }),
      message: `the host fetches ${release.url}`,
    }
  }
  const fetched = yield* ask(localDownload({ url: release.url, sha256, sums: release.sums }))
  if (have.digest === fetched.digest) return {}
  const change = sendOf(fetched, `k3s ${version}`)
  return { change, message: `${release.url} was fetched to the control side and is sent from there` }
}

function* planFile({ binary_src, sha256 }: BinaryWish, have: BinaryAnswer): Asking<BinaryPlan> {
  if (binary_src === undefined) return { failed: noSource }
  const local: LocalDigestAnswer | null = yield* ask(localDigest(binary_src))
  if (local === null) return { failed: { ...noSource, code: 'not-found', message: `there is no file ${binary_src}` } }
  if (sha256 !== undefined && local.digest !== sha256) return { failed: wrongFile(binary_src, local.digest, sha256) }
  if (have.digest === local.digest) return {}
  const what = binary_src.slice(binary_src.lastIndexOf('/') + 1)
  return { change: sendOf(local, what) }
}

function sendOf({ path: from, digest, size }: LocalDigestAnswer, what: string): FileUpload {
  return uploadFile({ path: k3sPath, from, digest, size, mode, what })
}

const noVersion: Diagnostic = {
  code: 'task-failed',
  message: 'k3s is not installed on this host, and no version is given',
  hint: "give version, the server's for example: v1.30.4+k3s1",
}

const noSource: Diagnostic = {
  code: 'task-failed',
  message: 'install: file needs binary_src, the k3s program on the control side',
  hint: 'put it into files/ and name it by binary_src',
}

function noProgram(machine: string): Diagnostic {
  const hint = 'k3s runs on aarch64, armv7l and x86_64; a Raspberry Pi 1 or Zero cannot be a node'
  return { code: 'unsupported', message: `k3s has no program for ${machine}`, hint }
}

function wrongFile(path: string, got: string, want: string): Diagnostic {
  return {
    code: 'k3s-digest',
    message: `${path} has the SHA-256 ${got}, not ${want}`,
    hint: 'get the file again, or correct sha256',
  }
}
