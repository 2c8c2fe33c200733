import { type ChildProcess, spawn } from 'node:child_process'
import type { Unreachable } from '../core/diagnostic.ts'
import { unreachable } from './failures.ts'
import type { SshTarget } from './target.ts'
import { StreamWire, type Wire } from './wire.ts'

/** Runs ssh's ProxyCommand here; its input and output are the wire, and it ends with the wire. */
export function openProxy(target: SshTarget, command: string): Wire {
  // A group of its own: Ctrl-C must not cut the connection, and what the command starts ends with it.
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    if (said.length < 2000) said += text
  })
  const wire: StreamWire = new StreamWire({
    readable: child.stdout,
    writable: child.stdin,
    release: () => end(child),
    // One that has ended takes no more; how it has ended comes a moment later.
    broken: error => void setTimeout(() => wire.destroy(error), 1000).unref(),
  })
  child.on('error', error => wire.destroy(proxyBroken(target, { command, how: error.message, said })))
  child.on('close', (code, signal) => {
    if (wire.bytesRead > 0) return wire.finish()
    const how = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
    wire.destroy(proxyBroken(target, { command, how, said }))
  })
  return wire
}

function end(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, 'SIGTERM')
  } catch {
    // It has gone meanwhile.
  }
}

interface Broken {
  readonly command: string
  readonly how: string
  readonly said: string
}

/** It has brought no connection. */
export function proxyBroken({ host }: SshTarget, { command, how, said }: Broken): Unreachable {
  return unreachable('unreachable', {
    host,
    message: `the ProxyCommand for ${host} ${how} before anything came: ${command}`,
    cause: said,
    hint: 'try it in a terminal: it must bring the greeting of sshd (SSH-2.0-…); it stands in ssh_config or ansible_ssh_common_args',
  })
}
