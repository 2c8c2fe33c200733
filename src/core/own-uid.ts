/** Shell text that sets `uid` to that of the shell, by no process of its own where there is /proc. */
export const ownUid = `uid=
{ while read -r key _ uid _; do
  if [ "$key" = Uid: ]; then break; fi
  uid=
done < /proc/self/status; } 2>/dev/null || :
if [ -z "$uid" ]; then uid=$(id -u); fi`
