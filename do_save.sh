#!/usr/bin/env bash
# The document's do_save.sh. Usage: ./do_save.sh [task] [options of docker-save]; ./do_save.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. tools/scripts/run-target.sh
run_target docker-save "Packs a task's image into dist/submission_<task>.tar.gz." "$@"
