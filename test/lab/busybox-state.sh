# Runs inside a busybox host: the same lines as runtime-state.sh prints, as far as busybox has them.

printf 'hostname\t%s\n' "$(hostname)"
ip -o link show | sed 's/^[0-9]*: \([^:@]*\)[^:]*: /link:\1\t/; s/ qlen [0-9]*//'
ip -o addr show | awk '{ print "address:" $2 " " $4 "\t" $3 }'
ip -4 route show | sed 's/ *$//; s/.*/route:&\tset/'
sysctl -a 2>/dev/null | grep '^net\.' | sed 's/ = /\t/; s/^/sysctl:/'
awk '{ print "mount:" $2 "\t" $3 " " $4 }' /proc/self/mounts
ps -o pid,ppid,user,args | awk -v me=$$ '
  NR > 1 && $1 != me && $2 != me && $4 !~ /^\[/ { user = $3; sub(/^ *[0-9]+ +[0-9]+ +[^ ]+ +/, ""); count["process:" $0 "\t" user]++ }
  END { for (key in count) print key " " count[key] }'
