#!/usr/bin/env bash
# The document's do_build.sh. Usage: ./do_build.sh [task] [options of docker-build]; ./do_build.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. tools/scripts/run-target.sh
run_target docker-build "Builds a task's image from its program and its resources folder." "$@"
