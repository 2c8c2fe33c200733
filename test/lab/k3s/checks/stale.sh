# Ready is stale: an agent that is gone stays Ready until the server notices.

# Another cluster's token, since newer releases let a known node in with its certificate whatever the password.
stays_ready() {
  before=$(lease "$one") stale_since=$SECONDS
  join_with "$one" "$url" "$(foreign_token)" >/dev/null
  sleep $((grace / 2))
  is "$(ready "$one")" True && echo "still Ready"
}
check 2 "a joined node re-run with a wrong token still says Ready" stays_ready
before=$(lease "$one")
no_beat() { sleep "$(seconds 2)"; is "$(lease "$one")" "$before"; }
check 2 "… but its lease isn't renewed" no_beat
check 2 "… until the server's grace is over" until_true $((grace * 2 + 10)) isnt_ready "$one"
unknown() { is "$(ready "$one")" Unknown && has "$(kube get nodes)" NotReady; }
check 2 "… then Ready is Unknown" unknown

fresh_again() {
  local start
  start=$(date -u +%FT%TZ)
  join_with "$one" "$url" "$token" >/dev/null
  until_true "$(seconds 10)" is_ready "$one" || return 1
  [[ ! $(beat "$one") < $start ]] || { echo "heartbeat $(beat "$one"), join $start"; return 1; }
}
check 2 "the right token again: Ready with a heartbeat from after the join" fresh_again
