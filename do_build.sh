#!/usr/bin/env bash
# The document's do_build.sh. Usage: ./do_build.sh [task1|task2|task3] [options of docker-build]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. tools/scripts/prepare.sh
prepare
task=task1
if [[ ${1:-} == task* ]]; then
  task=$1
  shift
fi
exec npx nx run "$task:docker-build" "$@"
