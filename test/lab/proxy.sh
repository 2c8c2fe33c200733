# A slow way to a host: see proxy.ts.

command_proxy() {
  local name=${1?proxy: which host?} delay=50 port=0
  need_host "$name"
  shift
  while (($#)); do
    case $1 in
      --delay) delay=${2?--delay needs milliseconds}; shift ;;
      --port) port=${2?--port needs a number}; shift ;;
      *) usage_error "proxy: unknown argument '$1'" ;;
    esac
    shift
  done
  cd "$here/../.."
  exec npx tsx "$here/proxy-main.ts" "$(host_address "$name")" 22 "$delay" "$port"
}
