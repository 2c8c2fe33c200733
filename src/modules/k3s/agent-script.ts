import { installK3s, type K3sInstall } from '../../changes/k3s-install.ts'
import type { Diagnostic } from '../../core/diagnostic.ts'
import { type Asking, ask } from '../../core/question.ts'
import type { FileAnswer } from '../../questions/file.ts'
import { localFile } from '../../questions/local.ts'
import { localDownload } from '../../questions/local-download.ts'
import { sameUnit } from './agent-unit.ts'
import { type AgentWish, agentArguments, wishedUnit } from './agent-wish.ts'
import { agentUninstallPath, agentUnitPath } from './paths.ts'

/** Where k3s' installer is to come from. */
export interface ScriptWish extends AgentWish {
  readonly install: 'binary' | 'file' | 'script'
  readonly script_src?: string | undefined
  readonly script_url: string
  readonly script_sha256?: string | undefined
}

export type ScriptPlan = { readonly change?: K3sInstall } | { readonly failed: Diagnostic }

/** The installer's run, where what it writes is not there or differs; it never runs for anything else. */
export function* planScript(wish: ScriptWish, unitFile: FileAnswer, uninstall: FileAnswer): Asking<ScriptPlan> {
  const there = unitFile.text !== undefined && sameUnit(unitFile.text, wishedUnit(wish)) && uninstall.type === 'file'
  if (wish.install !== 'script' || there) return {}
  const { script_src, script_url, script_sha256 } = wish
  if (script_src === undefined && script_sha256 === undefined) return { failed: noScript }
  const path = script_src ?? (yield* ask(localDownload({ url: script_url, sha256: script_sha256 }))).path
  const { bytes, digest } = yield* ask(localFile(path))
  const from = script_src === undefined ? script_url : script_src.slice(script_src.lastIndexOf('/') + 1)
  if (bytes === undefined) return { failed: noShell(from) }
  if (script_sha256 !== undefined && digest !== script_sha256) return { failed: otherScript(from, digest!) }
  if (!/^#!.*\bsh\b/.test(Buffer.from(bytes.subarray(0, 80)).toString('latin1'))) return { failed: noShell(from) }
  const makes = [agentUnitPath, agentUninstallPath]
  const url = wish.url.replace(/\/$/, '')
  return { change: installK3s({ text: bytes, from, url, arguments: agentArguments(wish), makes }) }
}

const noScript: Diagnostic = {
  code: 'task-failed',
  message: 'install: script needs the installer, by script_src or by script_sha256',
  hint: 'put the install.sh of get.k3s.io into files/ and name it by script_src, or pin what is fetched by script_sha256',
}

function noShell(from: string): Diagnostic {
  return {
    code: 'task-failed',
    message: `${from} is no shell script`,
    hint: 'give the install.sh of get.k3s.io, which begins with #!/bin/sh',
  }
}

function otherScript(from: string, got: string): Diagnostic {
  return {
    code: 'k3s-digest',
    message: `${from} has the SHA-256 ${got}, not that of script_sha256`,
    hint: 'look at what changed in it, then correct script_sha256',
  }
}
