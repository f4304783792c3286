#!/usr/bin/env bash
# Everything that must hold before a change is merged: formatting, types, lint rules, tests, and the
# real container where an engine runs (under CI=true a missing engine is a failure).
# The last line reads `N passed, N failed`, with `, N skipped` after it if any were.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. tools/scripts/prepare.sh
prepare

failed=()
step() {
  local name=$1
  shift
  printf '\n== %s\n' "$name"
  "$@" || failed+=("$name")
}

# One program for all projects: a process per project, as for `nx affected`, takes four times as long.
lint() {
  # The layer rules read the project graph that Nx keeps.
  npx nx show projects >/dev/null && npx eslint . --max-warnings=0
}

rm -rf dist/test-results
# Beside what uses one CPU as well; what it says comes when it is done.
said=$(mktemp)
lint >"$said" 2>&1 &
linting=$!
step 'formatting' npx prettier --check --log-level=warn .
step 'types' npx tsc -p tsconfig.workspace.json
step 'types of the page' npx tsc -p tools/viewer/src/page
linted() {
  wait "$linting"
  local code=$?
  cat "$said"
  rm "$said"
  return "$code"
}
step 'lint rules' linted
step 'tests' npx nx run-many -t test --outputStyle=static
step 'container' npx nx run container-test:test-container --outputStyle=static

echo
node tools/jest/sum-counts.mjs ${failed[@]+"${failed[@]}"}
