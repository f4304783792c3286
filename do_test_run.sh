#!/usr/bin/env bash
# The document's do_test_run.sh. Usage: ./do_test_run.sh [task] [options of docker-test-run]; ./do_test_run.sh --help
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. tools/scripts/run-target.sh
run_target docker-test-run "Runs a task's image on a case under the rules of the challenge." "$@"
