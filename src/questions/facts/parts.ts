/** One look that several facts are read from: shell text that prints its raw material. Cheap ones first: mostly builtins. */
export const parts = {
  name: `IFS= read -r n </proc/sys/kernel/hostname; echo "$n"`,
  fqdn: `hostname -f 2>/dev/null || uname -n`,
  os: `cat /etc/os-release 2>/dev/null || cat /usr/lib/os-release 2>/dev/null`,
  kernel: `uname -s -r -m`,
  memory: `cat /proc/meminfo`,
  processors: `grep -c '^processor' /proc/cpuinfo`,
  addresses: `ip -o addr show 2>/dev/null`,
  route: `ip -4 -o route show default 2>/dev/null`,
  init: `IFS= read -r c </proc/1/comm; if [ -d /run/systemd/system ]; then c=systemd; fi; echo "$c"`,
  user: `id -un; id -u; echo "$HOME"`,
  model: `if [ -r /proc/device-tree/model ]; then tr -d '\\000' </proc/device-tree/model; fi`,
  boot: `IFS= read -r b </proc/sys/kernel/random/boot_id; IFS= read -r u </proc/uptime; echo "$b"; echo "\${u%%.*}"`,
  clock: `date '+%s %Y-%m-%dT%H:%M:%S %z'`,
  synchronized: `timedatectl show -p NTPSynchronized --value 2>/dev/null || { [ -e /run/systemd/timesync/synchronized ] && echo yes; }`,
  disk: `df -Pk / | tail -n 1`,
  swap: `tail -n +2 /proc/swaps 2>/dev/null`,
} as const

export type Part = keyof typeof parts
