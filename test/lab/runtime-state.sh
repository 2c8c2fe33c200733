# Runs inside a host: what it holds in memory, as lines "KEY<tab>VALUE" (see snapshot.sh).

# The invocation shows a restart.
systemctl show --all '*' -p Id -p LoadState -p ActiveState -p SubState -p InvocationID | awk -F= '
  function out() { if (id != "") print "unit:" id "\t" load " " active " " sub_ " " run; id = run = "" }
  $1 == "Id" { id = $2 }
  $1 == "LoadState" { load = $2 }
  $1 == "ActiveState" { active = $2 }
  $1 == "SubState" { sub_ = $2 }
  $1 == "InvocationID" { run = $2 }
  /^$/ { out() }
  END { out() }'
printf 'hostname\t%s\n' "$(hostname)"
ip -o link show | sed 's/^[0-9]*: \([^:@]*\)[^:]*: /link:\1\t/; s/ qlen [0-9]*//'
ip -o addr show | awk '{ print "address:" $2 " " $4 "\t" $3 }'
{ ip -4 route show table all; ip -6 route show table all; } | sed 's/ expires [0-9]*sec//; s/ *$//; s/.*/route:&\tset/'
sysctl -a --pattern '^net\.' 2>/dev/null | sed 's/ = /\t/; s/^/sysctl:/'
awk '{ print "mount:" $2 "\t" $3 " " $4 }' /proc/self/mounts
# Processes by user and command line, with their count; not this script's own.
ps -eo pid=,ppid=,uid=,args= | awk -v me=$$ '
  $1 != me && $2 != me { uid = $3; sub(/^ *[0-9]+ +[0-9]+ +[0-9]+ +/, ""); count["process:" $0 "\t" uid]++ }
  END { for (key in count) print key " " count[key] }'
