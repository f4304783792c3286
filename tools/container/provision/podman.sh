# Sourced by provision.sh: makes sure that Podman can run a container of the base image.

ensure_podman() {
  local image=$1
  command -v podman >/dev/null || install_packages podman
  # What Podman runs containers with: crun knows no mixture of cgroup versions, runc does.
  command -v crun >/dev/null || command -v runc >/dev/null || install_packages runc
  podman image exists "$image" || podman pull --quiet "$image" >/dev/null 2>&1 || {
    say "podman: taking $image over from Docker"
    docker save "$image" | podman load --quiet >/dev/null
  }
  podman_runs "$image" || {
    say "podman: containers do not start ($(podman_says "$image")); adapting its settings"
    settle_podman
    podman_runs "$image" || fail "podman: containers do not start: $(podman_says "$image")"
  }
  say "podman: $(podman --version) runs containers"
}

podman_runs() {
  podman run --rm --network none "$1" node -p 1 >/dev/null 2>&1
}

podman_says() {
  podman run --rm --network none "$1" node -p 1 2>&1 >/dev/null | tail -n 1
}

# Podman asks for more open files and processes than a small machine may grant.
settle_podman() {
  local settings=/etc/containers/containers.conf files processes runtime=crun
  [ "$(id -u)" -eq 0 ] || fail 'podman: changing its settings takes root'
  [ ! -e "$settings" ] || fail "podman: $settings is there already and will not be changed"
  files=$(at_most 16384 "$(ulimit -Hn)")
  processes=$(at_most 32768 "$(ulimit -Hu)")
  command -v runc >/dev/null && runtime=runc
  mkdir -p "$(dirname "$settings")"
  cat >"$settings" <<EOF
# Written by tools/container/provision.
[engine]
runtime = "$runtime"
cgroup_manager = "cgroupfs"
[containers]
default_ulimits = ["nofile=$files:$files", "nproc=$processes:$processes"]
EOF
}

at_most() {
  if [ "$2" = unlimited ] || [ "$2" -gt "$1" ]; then echo "$1"; else echo "$2"; fi
}
