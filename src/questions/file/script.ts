import { randomBytes } from 'node:crypto'
import { quote } from '../../core/sh.ts'
import type { FileArg } from '../file.ts'

/**
 * Looks at all files with one `stat`, one `sha256sum` and one `head` for each content; classes, folders and canonical
 * paths come from the shell's own builtins. Output: a random mark, a record for each file (NUL-ended fields, then the
 * content and the mark), the lines of stat (with the asker's as the last where something is new), the sums, the asker
 * where stat could not tell, and the accounts.
 */
export function fileScript(args: readonly FileArg[]): string {
  const mark = randomBytes(16).toString('hex')
  const words = args.map(arg => quote(flags(arg) + arg.path)).join(' ')
  const owners = unique(args.map(arg => arg.owner))
  const groups = unique(args.map(arg => arg.group))
  return [
    `m=${mark}; export LC_ALL=C; set -f; set +e`,
    statFunction,
    danglingFunction,
    listFunctions,
    "printf '%s\\000' $m; new=",
    `for w in ${words}; do${lookAtOne}done`,
    `${listed}; if [ $# -gt 0 ] || [ -n "$new" ]; then one_stat "$@"; fi; printf '\\000'`,
    sums(args, words),
    'printf \'\\000\'; if [ -n "$new" ] && [ -n "$alone" ]; then id -un; id -gn; fi; printf \'\\000\'',
    accounts('passwd', owners),
    "printf '\\000'",
    accounts('group', groups),
    "printf '\\000%s' $m",
  ].join('\n')
}

/** `F` follow, `N` not; `s`, `d`, `t` for what is wanted; the limit. */
function flags({ follow, want, limit }: FileArg): string {
  return `${follow ? 'F' : 'N'}${want[0]}${limit}:`
}

// One process where all goes well. A file that vanished since the tests makes stat skip its line: then each is asked
// alone, so that lines stay in order. Whose new files would be is told by the last line: that of stat itself in /proc.
const statFunction = `
format='%f %u %g %s %Y %i %h %U %G'; alone=
one_stat() { if [ -n "$new" ]; then set -- "$@" /proc/self/; fi
 if lines=$(stat -c "$format" "$@" 2>/dev/null); then printf '%s\\n' "$lines"; return; fi
 alone=1; each "$@"; }
each() {
 if stat -c %f / >/dev/null 2>&1; then raw() { stat -c "$format" "$1" 2>/dev/null; }
 else raw() { ls -ldn "$1" 2>/dev/null | { read -r a n u g z x || exit 1
  t=$(date -r "$1" +%s 2>/dev/null); o=$(ls -ld "$1" | { read -r a n on gn x; printf '%s %s' "$on" "$gn"; })
  printf '%s\\n' "$a $u $g $z \${t:-0} 0 $n $o"; }; }; fi
 for s do if [ "$s" != /proc/self/ ]; then raw "$s" || echo -; fi; done; }`

// `set -- "$@" x` copies all of the list each time, which takes seconds where there are a thousand: they are kept as
// quoted words of a text, some of them aside, and become the list at once.
const listFunctions = `
list= some= count=0
add() {
 q= r=$1
 while :; do case $r in *\\'*) q="$q\${r%%\\'*}'\\\\''"; r=\${r#*\\'};; *) break;; esac; done
 some="$some '$q$r'"; count=$((count + 1))
 if [ $count -ge 50 ]; then list=$list$some; some= count=0; fi
}`

/** A function cannot set the list of what calls it. */
const listed = 'eval "set -- $list$some"; list= some= count=0'

// GNU's `readlink -f` never ends on a link that points below itself: what leads nowhere is followed by hand.
const danglingFunction = `
dangling() { q=$p; n=0
 while [ -L "$q" ]; do
  n=$((n + 1)); if [ $n -gt 40 ]; then return 0; fi
  r=$(readlink "$q"; printf .); r=\${r%?}; r=\${r%?}
  case $r in /*) q=$r;; *) q=\${q%/*}/$r;; esac
 done
 r=$(cd -P -- "\${q%/*}/" 2>/dev/null && pwd && printf .) || return 0
 r=\${r%?}; r=\${r%?}; p=\${r%/}/\${q##*/}; }`

const lookAtOne = `
 o=\${w%%:*}; p=\${w#*:}; target=; denied=; rest=
 if [ -L "$p" ]; then
  target=$(readlink "$p"; printf .); target=\${target%?}; target=\${target%?}
  case $o in F*) if [ ! -e "$p" ]; then dangling; elif r=$(readlink -f "$p" 2>/dev/null && printf .); then r=\${r%?}; p=\${r%?}; fi;; esac
 fi
 d=\${p%/*}; d=\${d:-/}; b=\${p##*/}
 while [ ! -e "$d" ] && [ ! -L "$d" ]; do rest=/\${d##*/}$rest; d=\${d%/*}; d=\${d:-/}; done
 if [ -d "$d" ]; then
  if cd -P -- "$d" 2>/dev/null; then d=$PWD; cd /; else denied=folder; fi
  if [ -n "$rest" ]; then k=absent; else k=directory; fi
 else k=other; fi
 if [ -L "$p" ]; then case $o in N*) c=link;; *) c=absent;; esac
 elif [ -f "$p" ]; then c=file; elif [ -d "$p" ]; then c=directory; elif [ -e "$p" ]; then c=other; else c=absent; fi
 case $c$o in file?s*) ;; file*) [ -r "$p" ] || denied=content;; esac
 printf '%s\\000' "$c" "$k" "$d" "$rest" "$b" "$target" "$denied"
 case $c$o$denied in
  file?t*[!0-9]) ;;
  file?t*) n=\${o#??}; head -c "$((n + 1))" <"$p"; printf '\\000%s' $m;;
 esac
 if [ "$c" = absent ]; then new=1; else add "$p"; fi
 if [ "$k" != other ] && [ "$denied" != folder ]; then add "$d"; fi
`

/** Sums of what is readable, `-` for the rest, in the order asked. A name with a newline goes by standard input. */
function sums(args: readonly FileArg[], words: string): string {
  if (args.every(arg => arg.want === 'stat')) return ':'
  const all = args.some(arg => arg.path.includes('\n')) ? 'false' : '$tool "$@"'
  return `# A link that is not followed has no content of its own.
as_link() { case $w in N*) [ -L "$p" ];; *) return 1;; esac; }
tool='openssl dgst -sha256 -r'; command -v sha256sum >/dev/null 2>&1 && tool=sha256sum
for w in ${words}; do p=\${w#*:}
 case $w in ?s*) ;; *) if [ -f "$p" ] && [ -r "$p" ] && ! as_link; then add "$p"; echo +; else echo -; fi;; esac; done
echo =
${listed}
if [ $# -gt 0 ]; then
 if out=$(${all} 2>/dev/null); then printf '%s\\n' "$out"; else for p do { $tool <"$p"; } 2>/dev/null || echo -; done; fi
fi`
}

function accounts(base: 'passwd' | 'group', names: readonly string[]): string {
  if (names.length === 0) return ':'
  const list = names.map(quote).join(' ')
  return `if command -v getent >/dev/null 2>&1; then getent ${base} ${list}
else while IFS= read -r l; do n=\${l%%:*}; for w in ${list}; do [ "$n" = "$w" ] && printf '%s\\n' "$l"; done; done </etc/${base}
fi`
}

function unique(names: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(names.filter(name => name !== undefined && name !== '' && !name.startsWith('-')))] as string[]
}
