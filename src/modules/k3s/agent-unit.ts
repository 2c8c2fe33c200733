import { agentEnvPath, k3sPath } from './paths.ts'

/** The agent's systemd unit, as k3s' own installer writes it, with these arguments. */
export function agentUnitText(args: readonly string[]): string {
  const command = [k3sPath, 'agent', ...args.map(systemdWord)].join(' ')
  return `# Written by pitool.
[Unit]
Description=Lightweight Kubernetes
Documentation=https://k3s.io
Wants=network-online.target
After=network-online.target

[Install]
WantedBy=multi-user.target

[Service]
Type=notify
EnvironmentFile=-/etc/default/%N
EnvironmentFile=-/etc/sysconfig/%N
EnvironmentFile=-${agentEnvPath}
KillMode=process
Delegate=yes
User=root
LimitNOFILE=1048576
LimitNPROC=infinity
LimitCORE=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStartPre=-/sbin/modprobe br_netfilter
ExecStartPre=-/sbin/modprobe overlay
ExecStart=${command}
`
}

/** One argument of ExecStart: `%` and `$` would be replaced by systemd, blanks would part it. */
function systemdWord(word: string): string {
  const text = word.replaceAll('%', '%%').replaceAll('$', '$$$$')
  if (/^[A-Za-z0-9_/.:=@%+,$-]+$/.test(text)) return text
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`
}

/**
 * Whether a unit that is there does the same: an agent that somebody's installer set up must not be restarted for
 * its comments. Lines beyond ours do no harm, and `exec` was the type before July 2022.
 */
export function sameUnit(have: string, want: string): boolean {
  const there = directives(have)
  return [...directives(want)].every(([name, values]) => {
    const found = there.get(name) ?? []
    if (name === 'Service.Type') return ['notify', 'exec'].includes(found.at(-1) ?? '')
    if (name === 'Service.ExecStart') return found.length === 1 && commandWords(found[0]!) === commandWords(values[0]!)
    if (name === 'Unit.Description' || name === 'Unit.Documentation') return true
    return values.every(value => found.includes(value))
  })
}

function directives(text: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>()
  let section = ''
  for (const line of text.replace(/\\\n\s*/g, ' ').split('\n')) {
    const trimmed = line.trim()
    const heading = /^\[(.+)\]$/.exec(trimmed)?.[1]
    if (heading !== undefined) section = heading
    const at = trimmed.indexOf('=')
    if (heading !== undefined || at < 0 || /^[#;]/.test(trimmed)) continue
    const name = `${section}.${trimmed.slice(0, at).trim()}`
    found.set(name, [...(found.get(name) ?? []), trimmed.slice(at + 1).trim()])
  }
  return found
}

/** The words of a command line without their quotes, joined by NUL. */
function commandWords(command: string): string {
  const words = command.match(/(?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s"'])+/g) ?? []
  return words.map(unquote).join('\0')
}

function unquote(word: string): string {
  return word.replace(/"((?:\\.|[^"\\])*)"|'([^']*)'/g, (_, double: string | undefined, single: string | undefined) =>
    double === undefined ? (single ?? '') : double.replace(/\\(.)/g, '$1'),
  )
}
