# Sourced by provision.sh: makes sure that `docker info` answers.

engine_log=/var/log/hecktor-dockerd.log

ensure_engine() {
  if docker info >/dev/null 2>&1; then
    say "engine: $(docker version --format 'Docker {{.Server.Version}}') is running"
    return
  fi
  [ "$(id -u)" -eq 0 ] || fail 'engine: not running, and starting one takes root'
  command -v dockerd >/dev/null || install_packages docker.io
  start_engine overlay2 || start_engine vfs || {
    tail -n 20 "$engine_log" >&2
    fail "engine: dockerd did not start; its log is $engine_log"
  }
}

# Without systemd nobody starts the daemon for us. Containers run with no network here, so no
# bridge or firewall rule is needed, which many virtual machines could not grant anyway.
start_engine() {
  say "engine: starting dockerd (storage: $1)"
  nohup setsid dockerd --iptables=false --ip6tables=false --bridge=none --storage-driver="$1" \
    >"$engine_log" 2>&1 </dev/null &
  local daemon=$!
  for _ in $(seq 60); do
    docker info >/dev/null 2>&1 && return 0
    kill -0 "$daemon" 2>/dev/null || return 1
    sleep 0.5
  done
  kill "$daemon" 2>/dev/null || true
  return 1
}

install_packages() {
  [ "$(id -u)" -eq 0 ] || fail "packages: installing $* takes root"
  command -v apt-get >/dev/null || fail "packages: install $* by hand, there is no apt-get here"
  say "packages: installing $*"
  export DEBIAN_FRONTEND=noninteractive
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null 2>&1 && return
  apt-get update -qq || true
  apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}
