#!/usr/bin/env bash
# Runs a task on its bundled patient (a synthetic phantom) with the demonstration weights and shows
# the result. Task 1 also prints scores and draws CT, PET and mask in three planes.
#   ./demo.sh                    Task 1 on this machine
#   ./demo.sh --docker           in the container, under the platform's rules
#   ./demo.sh [--docker] task2   or task3
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

docker=false
task=task1
for argument in "$@"; do
  case "$argument" in
    --docker) docker=true ;;
    task1 | task2 | task3) task=$argument ;;
    *)
      echo "usage: $0 [--docker] [task1|task2|task3]" >&2
      exit 2
      ;;
  esac
done

. tools/scripts/prepare.sh
prepare

app=apps/$task
demo=dist/demo/$task

say() { printf '\n== %s\n' "$*"; }
quietly() {
  local log
  log=$("$@" 2>&1) || {
    printf '%s\n' "$log" >&2
    exit 1
  }
}

say 'building'
quietly npx nx run-many -t build -p "$task" demo --outputStyle=static

say "running $task on the bundled patient"
rm -rf "$demo"
mkdir -p "$demo/output"
if $docker; then
  if ! docker info >/dev/null 2>&1 && [ "$(id -u)" -eq 0 ]; then
    tools/container/provision/provision.sh
  fi
  npx nx run "$task:docker-build" --outputStyle=static
  npx nx run "$task:docker-test-run" --build=false --output="$demo/output" \
    --outputStyle=static
else
  HECKTOR_INPUT=$app/test/input HECKTOR_OUTPUT=$demo/output HECKTOR_RESOURCES=$app/resources \
    node "dist/apps/$task/main.mjs"
fi

say 'result'
# The card says what the weights are: the demonstration's, or those that somebody has exported.
[ ! -f "$app/resources/MODEL_CARD.md" ] || sed -n '1s/^# //p' "$app/resources/MODEL_CARD.md"
echo 'for demonstration and research only, not for patients'
truth() {
  [ -f "$app/test/expected/truth.json" ] || return 0
  node -p "const t = JSON.parse(fs.readFileSync('$app/test/expected/truth.json')); 'truth of this phantom: ' + ($1)"
}
found() { find "$demo/output" -name "$1" -print -quit; }
case "$task" in
  task1)
    mask=$(found output.mha)
    node dist/tools/demo/main.mjs --input "$app/test/input" --mask "$mask" \
      --expected "$app/test/expected/truth.mha" --out "$demo/overlay.png"
    echo "mask: $mask"
    ;;
  task2)
    echo "risk of recurrence (higher = earlier): $(cat "$(found rfs.json)")  in $(found rfs.json)"
    truth 't.relapse ? `recurrence after ${t.days} days` : `no recurrence within ${t.days} days`'
    ;;
  task3)
    echo "HPV positive: $(cat "$(found hpv-status.json)")  in $(found hpv-status.json)"
    truth 't.hpv'
    ;;
esac
