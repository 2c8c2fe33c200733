import { accountNote, type Unfinished } from '../../core/account-note.ts'
import { quote } from '../../core/sh.ts'
import type { UserSet } from '../user-set.ts'

/** Around the work on an account: what is begun is noted, and what was cut short before is taken back to its beginning. */
export function finishing(change: UserSet, work: readonly string[]): readonly string[] {
  const { name, unfinished } = change
  const note = accountNote(name)
  if (note === undefined || (work.length === 0 && unfinished === undefined)) return work
  return [
    `name=${quote(name)} note=${quote(note)} uid= home=`,
    'while IFS=: read -r one _ u _ _ h _; do if [ "$one" = "$name" ]; then uid=$u home=$h; fi; done < /etc/passwd',
    // Who may not write there may not alter accounts either, and is told so by the program.
    'if [ -w /var/lib ] && [ ! -s "$note" ]; then',
    `  line=${begun(change)}`,
    '  ( umask 077; if [ ! -d "${note%/*}" ]; then mkdir -p "${note%/*}"; fi; printf \'%s\\n\' "$line" > "$note" )',
    'fi',
    ...(unfinished === undefined ? [] : backToStart(change, unfinished)),
    ...work,
    'rm -f "$note"',
  ]
}

function begun({ action, home }: UserSet): string {
  if (action === 'change') return '"change $home"'
  if (action === 'remove') return '"remove $uid $home"'
  return `"add kept"; if [ ! -e ${home === undefined ? '"/home/$name"' : quote(home)} ]; then line="add fresh"; fi`
}

function backToStart(change: UserSet, unfinished: Unfinished): readonly string[] {
  if (change.action === 'change') return moveAgain(change, unfinished)
  if (change.action === 'remove') return [inAllBases(unfinished)]
  const { group } = change
  // Its own group goes with it, also where it was there before and is wished.
  const kept = group === undefined ? undefined : keptGroup(group)
  return [
    ...(kept ? [kept.remember] : []),
    inAllBases(unfinished),
    `if [ -n "$useradd" ]; then userdel -- "$name"; else deluser -- "$name"; fi`,
    ...(kept ? [kept.bringBack] : []),
    ...(unfinished.fresh ? [unlived] : []),
  ]
}

/** userdel takes no account that is not in the first of the bases: it is put there once more. */
function inAllBases({ uid, home }: Unfinished): string {
  const number = uid === undefined ? '' : `-u ${uid} `
  const folder = home === undefined ? '' : `${quote(home)} `
  return `if [ -z "$uid" ]; then
  own=; if grep -q "^$name:" /etc/group; then own=1; fi
  if [ -n "$useradd" ]; then useradd -M ${number === '' ? '' : `-o ${number}`}${folder === '' ? '' : `-d ${folder}`}\${own:+-g "$name"} -- "$name"
  else adduser -D -H ${number}${folder === '' ? '' : `-h ${folder}`}\${own:+-G "$name"} -- "$name"; fi
fi`
}

function keptGroup(group: string): { readonly remember: string; readonly bringBack: string } {
  const wanted = quote(group)
  return {
    remember: `gid=; while IFS=: read -r one _ g _; do if [ "$one" = ${wanted} ]; then gid=$g; fi; done < /etc/group`,
    bringBack: `if [ -n "$gid" ] && ! grep -q "^"${wanted}: /etc/group; then if [ -n "$useradd" ]; then groupadd -g "$gid" -- ${wanted}; else addgroup -g "$gid" -- ${wanted}; fi; fi`,
  }
}

/** A home that was made by what was cut short, and holds nothing but what each new one gets. */
const unlived = `home=\${home:-/home/$name} lived=
for one in "$home"/* "$home"/.[!.]* "$home"/..?*; do
  if [ -e "$one" ] || [ -L "$one" ]; then if [ ! -e "/etc/skel/\${one##*/}" ]; then lived=1; fi; fi
done
if [ -z "$lived" ] && [ -d "$home" ] && [ ! -L "$home" ]; then rm -rf "$home"; fi`

/** The base has the new home, the content may still be in the old one. */
function moveAgain({ home, moveHome }: UserSet, { home: old }: Unfinished): readonly string[] {
  if (!moveHome || home === undefined || old === undefined || old === home) return []
  return [`if [ -d ${quote(old)} ] && [ ! -e ${quote(home)} ]; then usermod -d ${quote(old)} -- "$name"; fi`]
}
