#!/usr/bin/env bash
# Segments the bundled patient (a synthetic phantom) with the demonstration weights, prints scores
# against its expected mask and draws CT, PET and mask in three planes.
#   ./demo.sh            on this machine
#   ./demo.sh --docker   in the container, under the platform's rules
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

case "${1:-}" in
  '' | --docker) ;;
  *)
    echo "usage: $0 [--docker]" >&2
    exit 2
    ;;
esac

. tools/scripts/prepare.sh
prepare

app=apps/task1
demo=dist/demo
mask=$demo/output/images/tumor-lymph-node-segmentation/output.mha

say() { printf '\n== %s\n' "$*"; }
quietly() {
  local log
  log=$("$@" 2>&1) || {
    printf '%s\n' "$log" >&2
    exit 1
  }
}

say 'building'
quietly npx nx run-many -t build -p task1 demo --outputStyle=static

say 'segmenting the bundled patient'
rm -rf "$demo"
mkdir -p "$demo/output"
if [ "${1:-}" = --docker ]; then
  if ! docker info >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
    tools/container/provision/provision.sh
  fi
  npx nx run task1:docker-build --outputStyle=static
  npx nx run task1:docker-test-run --excludeTaskDependencies --output="$demo/output" \
    --outputStyle=static
else
  HECKTOR_INPUT=$app/test/input HECKTOR_OUTPUT=$demo/output HECKTOR_RESOURCES=$app/resources \
    node dist/apps/task1/main.mjs
fi

say 'result'
# The card says what the weights are: the demonstration's, or those that somebody has exported.
[ ! -f "$app/resources/MODEL_CARD.md" ] || sed -n '1s/^# //p' "$app/resources/MODEL_CARD.md"
echo 'for demonstration and research only, not for patients'
node dist/tools/demo/main.mjs --input "$app/test/input" --mask "$mask" \
  --expected "$app/test/expected/truth.mha" --out "$demo/overlay.png"
echo "mask: $mask"
