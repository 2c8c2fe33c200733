import { printBytes, quote } from '../../src/core/sh.ts'
import { lab } from '../lab/lab.ts'
import { type RandomPlay, unitName, userNames } from './plays.ts'

/** Folders of plays: the disk's, and one that can be filled up. */
export const roots = { disk: '/srv/chaos', small: '/run/chaos' } as const

/** A script as root on the host, past its network. */
export async function onHost(host: string, script: string): Promise<string> {
  const ran = await lab.exec(host, 'sh -s', script)
  if (ran.code !== 0) throw new Error(`on ${host}: exit ${ran.code}: ${ran.stderr}\n${script.slice(0, 500)}`)
  return ran.stdout
}

/** The host as it was before any play, with the files this one finds. */
export async function prepare(host: string, play: RandomPlay): Promise<void> {
  const small = play.root === roots.small ? 'mount -t tmpfs -o size=24m,nr_inodes=400 chaos /run/chaos' : ':'
  const found = [...play.before].map(([path, content]) => `${printBytes(content)} > ${quote(path)}`)
  await onHost(
    host,
    `systemctl disable --now ${unitName} >/dev/null 2>&1 || :
rm -f /etc/systemd/system/${unitName}
systemctl daemon-reload
systemctl reset-failed
for user in ${userNames.join(' ')}; do userdel "$user" 2>/dev/null || :; done
while umount -l /run/chaos 2>/dev/null; do :; done
while umount -l /var/lib/pitool 2>/dev/null; do :; done
rm -rf ${roots.disk} ${roots.small} /var/lib/pitool /run/pitool
mkdir -p ${play.root}
${small}
${found.join('\n')}`,
  )
}

/** Locks, owed handlers, marks and temporary files: none may be left when a run has ended well. */
export async function leftovers(host: string): Promise<readonly string[]> {
  const found = await onHost(
    host,
    `find /etc /srv /run/chaos /usr/local /root /home /var/lib/pitool /tmp /var/tmp /boot -xdev -name '.pitool-*' 2>/dev/null
find /run/pitool /var/lib/pitool -type f 2>/dev/null
find ${roots.disk} ${roots.small} -name '*.new' 2>/dev/null
:`,
  )
  return found.split('\n').filter(line => line !== '')
}

/** The state that a play decides: what each boot, each login and each machine has of its own is left out. */
export async function stateOf(host: string): Promise<ReadonlyMap<string, string>> {
  const all = await lab.snapshot(host)
  const kept = [...all].filter(([key]) => !ignored.some(pattern => pattern.test(key)))
  return new Map(
    kept.map(([key, value]) => [key, key.startsWith('unit:') ? value.replace(/ [0-9a-f]{32}$/, '') : value]),
  )
}

const ignored = [
  // What useradd itself leaves when the machine goes down under it: its own half of a file, never read again.
  /^file:\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)\.\d+$/,
  /^(address|route|link|hostname|mount|rule)\b/,
  // Which processes there are at the moment hangs on timers and logins.
  /^process:/,
  /^sysctl:/,
  /^file:\/run\/(?!chaos)/,
  /^file:\/(var\/)?tmp(\/|$)/,
  // Copies that useradd and userdel make of what was there before.
  /^file:\/etc\/(passwd|group|shadow|gshadow|subuid|subgid)-$/,
  /^file:\/var\/lib\/NetworkManager\//,
  /^file:\/var\/(log|cache|lib\/systemd)\b/,
  // Its modes are looked at below; that it is there says only that a handler was owed once.
  /^file:\/var\/lib\/pitool(\/pending)?$/,
  /^unit:(?!pitool-chaos)/,
]
