/** Shell text: it has its own address on the link, and is sure of it. */
export const addressed = 'ip -6 -o addr show dev eth0 scope link | grep -v tentative | grep -q inet6'

/** NetworkManager gives that address some time after a boot, or after it was told to set up the link again: three seconds at most. */
export const addressSettled = `n=30; until ${addressed}; do n=$((n-1)); [ $n -gt 0 ] || exit 0; sleep 0.1; done`
