# A host's state as sorted lines "KEY<tab>VALUE", so that a diff shows what changed. Only what differs from the
# image is looked at on disk: overlayfs has it all in one folder.

command_snapshot() {
  local filter=drop_ignored
  if [[ ${1-} == --all ]]; then
    filter=cat
    shift
  fi
  need_host "${1?snapshot: which host?}"
  need_leader "$1" >/dev/null
  snapshot "$1" | LC_ALL=C sort | $filter
}

# l1-ignore.txt: one extended regular expression on the whole key a line, then " # why".
drop_ignored() {
  local patterns
  patterns=$(sed 's/[[:space:]]*#.*//; /^$/d; s/.*/^(&)\t/' "$here/l1-ignore.txt")
  grep -vE -e "$patterns" || true
}

snapshot() {
  local temp
  temp=$(mktemp -d)
  disk_state "$1" "$temp" || say "snapshot of $1 is not whole"
  memory_state "$1"
  if is_busybox "$1"; then inside "$1" sh -s <"$here/busybox-state.sh"; else inside "$1" sh -s <"$here/runtime-state.sh"; fi
  rm -rf "$temp"
}

disk_state() {
  local dir=$state/hosts/$1 temp=$2 layer top
  top=$dir/upper
  ! runs_containers "$1" || top=$dir/root
  # The layers below, topmost first.
  local below=("$dir/identity" "$(cat "$dir/image")")
  paths_in "$top" >"$temp/paths"
  describe "$top" "$temp/paths" | LC_ALL=C sort >"$temp/now"
  : >"$temp/before"
  for layer in "${below[@]}"; do describe "$layer" "$temp/paths"; done |
    awk -F'\t' '!seen[$1]++' | LC_ALL=C sort >"$temp/before"
  # A file opened for writing is copied up unchanged: no difference.
  LC_ALL=C comm -23 "$temp/now" "$temp/before"
  gone "$dir" "$temp"
}

# Entries of the layers below that the merged root lacks: whiteouts and opaque folders alike.
gone() {
  local dir=$1 temp=$2 layer
  for layer in "$dir/identity" "$(cat "$dir/image")"; do entries_of "$layer" "$temp/paths"; done |
    LC_ALL=C sort -u >"$temp/entries-before"
  entries_of "$dir/root" "$temp/paths" | LC_ALL=C sort -u >"$temp/entries-now"
  LC_ALL=C comm -23 "$temp/entries-before" "$temp/entries-now" | sed 's/.*/file:&\tgone/'
}

# What the host keeps in memory.
memory_state() {
  local pid temp
  pid=$(leader "$1") || return 0
  temp=$(mktemp)
  (cd "/proc/$pid/root" && find ./run ./tmp ./dev/shm -path ./run/host -prune -o -print0 2>/dev/null) >"$temp" || true
  describe "/proc/$pid/root" "$temp"
  rm -f "$temp"
}

# NUL-separated, whiteouts left out.
paths_in() { (cd "$1" && find . -mindepth 1 ! -type c -print0); }

# One line for each path of the list that exists: describe ROOT LIST. What vanishes meanwhile does not.
describe() (
  cd "$1"
  existing=$(mktemp)
  xargs -0 -r -a "$2" sh -c 'for p; do if [ -e "$p" ] || [ -L "$p" ]; then printf "%s\0" "$p"; fi; done' sh >"$existing"
  {
    xargs -0 -r -a "$existing" sh -c 'find "$@" -maxdepth 0 -type f -print0 2>/dev/null || :' sh | xargs -0 -r sh -c 'sha256sum -z "$@" 2>/dev/null || :' sh | tr '\n\0' '\1\n'
    xargs -0 -r -a "$existing" sh -c 'find "$@" -maxdepth 0 -printf "%p\t%y\t%m\t%U:%G\t%s\t%l\0" 2>/dev/null || :' sh | tr '\n\0' '\1\n'
  } | awk -F'\t' '
    NF == 1 { sum[substr($0, 67)] = substr($0, 1, 64); next }
    { path = substr($1, 2); line = "file:" path "\t" $2 " " $3 " " $4
      if ($2 == "f") line = line " " $5 " " sum[$1]
      if ($2 == "l") line = line " -> " $6
      print line }'
  rm -f "$existing"
)

# Names in the listed folders, as far as they exist under ROOT: entries_of ROOT LIST
entries_of() (
  cd "$1"
  xargs -0 -r -a "$2" sh -c '
    for p do [ -L "$p" ] || [ ! -d "$p" ] || printf "%s\0" "$p"; done' sh |
    xargs -0 -r sh -c 'find . "$@" -mindepth 1 -maxdepth 1 ! -name .wh..opq -print0 2>/dev/null || :' sh | tr '\n\0' '\1\n' | cut -c2-
)
