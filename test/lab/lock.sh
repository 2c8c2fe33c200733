# Who may change what at the same time. Locks live beside the cache, so that `down` leaves no file in /run.

# Holds the lock until this process (or subshell) ends: lock_lab exclusive|shared
lock_lab() { take_lock "lab-$lab_id" "$1"; }

# One change at a time per host.
lock_host() { take_lock "lab-$lab_id-$1" exclusive; }

lock_images() { take_lock images exclusive; }

take_lock() {
  local name=$1 mode=$2 fd
  mkdir -p "$cache/locks"
  exec {fd}>"$cache/locks/$name"
  flock "--$mode" --timeout 600 "$fd" || die "another lab command holds the lock '$name' for ten minutes"
}

# Background processes must not inherit locks: run them through this.
without_locks() {
  local fd
  for fd in /proc/"$BASHPID"/fd/*; do
    fd=${fd##*/}
    if ((fd > 2)); then exec {fd}>&- || true; fi
  done
  exec "$@"
}
