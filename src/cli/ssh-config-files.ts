import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Whether ssh's configuration says anything that matters: asking `ssh -G` for each host costs a process each. */
export function configSpeaks(home: string, system = '/etc/ssh'): boolean {
  return existsSync(join(home, '.ssh/config')) || fileSpeaks(join(system, 'ssh_config'), system)
}

// As distributions write them: of no account for how a host is reached.
const idle = /^(host\s+\*|sendenv\b.*|hashknownhosts\b.*|gssapi\w+\b.*|forwardx11\w*\b.*|)$/i

function fileSpeaks(file: string, system: string): boolean {
  return linesOf(file).some(line => {
    const [, included] = /^include\s+(\S+)$/i.exec(line) ?? []
    return included === undefined ? !idle.test(line) : includeSpeaks(included, system)
  })
}

function includeSpeaks(pattern: string, system: string): boolean {
  // The one that distributions come with; another says that somebody has been at work here.
  if (pattern !== `${system}/ssh_config.d/*.conf`) return true
  const folder = join(system, 'ssh_config.d')
  const names = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.conf')) : []
  return names.some(name => linesOf(join(folder, name)).some(line => !idle.test(line)))
}

function linesOf(file: string): readonly string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map(line =>
        line
          .trim()
          .replace(/^#.*/, '')
          .replace(/^(\w+)\s*=\s*/, '$1 '),
      )
  } catch {
    // One that ssh cannot read either says nothing.
    return []
  }
}
