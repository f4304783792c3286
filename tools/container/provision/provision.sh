#!/usr/bin/env bash
# Gives a bare machine what the container targets need: a running engine and the base image.
# Does nothing where both are there already. With --podman Podman too, with --slurm a Slurm cluster of
# this machine and Charliecloud, with --chromium the browser that the viewer is tested in. Used by CI;
# participants install an engine as usual.
set -euo pipefail

here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
say() { printf 'provision: %s\n' "$*" >&2; }
fail() {
  say "$*"
  exit 1
}

. "$here/engine.sh"
. "$here/base-image.sh"
. "$here/podman.sh"
. "$here/slurm.sh"
. "$here/chromium.sh"

ensure_engine
ensure_base_image "${NODE_IMAGE:-node:26-bookworm-slim}"
for wanted in "$@"; do
  case $wanted in
    --podman) ensure_podman "${NODE_IMAGE:-node:26-bookworm-slim}" ;;
    --slurm) ensure_slurm ;;
    --chromium) ensure_chromium ;;
    *) fail "expected --podman, --slurm or --chromium, got $wanted" ;;
  esac
done
