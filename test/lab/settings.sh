# Where the lab lives: names, addresses and folders. Sourced by `lab`.

# Several labs can be up side by side, each with a number of its own.
lab_id=${PITOOL_LAB_ID:-0}
[[ $lab_id =~ ^[0-9]$ ]] || { echo "lab: PITOOL_LAB_ID must be one digit, not '$lab_id'" >&2; exit 2; }

# 198.18.0.0/15 is the benchmark range: no real network uses it.
lab_net=198.18.$((21 + lab_id))
lab_range=$lab_net.0/24
# The example inventory's range: never reached from a machine that runs the lab.
example_range=192.168.1.0/24

# Everything the lab makes in the kernel's name spaces bears this prefix.
if ((lab_id == 0)); then prefix=pitool-; else prefix=pitool$lab_id-; fi
bridge=${prefix}br

cache=${PITOOL_LAB_DIR:-/var/cache/pitool-lab}
if ((lab_id == 0)); then default_state=/run/pitool-lab; else default_state=/run/pitool-lab-$lab_id; fi
state=${PITOOL_LAB_STATE:-$default_state}

lab_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
first_number=11
last_number=199

say() { printf 'lab: %s\n' "$*" >&2; }
die() {
  say "$*"
  exit 1
}
usage_error() {
  say "$*"
  exit 2
}
