#!/usr/bin/env bash
# The document's do_save.sh. Usage: ./do_save.sh [task1|task2|task3] [options of docker-save]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. tools/scripts/prepare.sh
prepare
task=task1
if [[ ${1:-} == task* ]]; then
  task=$1
  shift
fi
exec npx nx run "$task:docker-save" "$@"
