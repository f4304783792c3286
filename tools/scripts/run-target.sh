# Sourced by do_build.sh, do_test_run.sh and do_save.sh.

# run_target <target> <what it does> [task] [option...]: runs an Nx target of a task (default: task1).
run_target() {
  local target=$1 does=$2 task=task1
  shift 2
  case "${1:-}" in
    -h | --help | help)
      target_help "$target" "$does"
      exit 0
      ;;
    -* | '') ;;
    *)
      # The document writes Task1.
      task=$(printf '%s' "$1" | tr '[:upper:]' '[:lower:]')
      shift
      ;;
  esac
  if [ ! -f "apps/$task/project.json" ]; then
    echo "$0: there is no task \"$task\"; there are: $(task_names)" >&2
    exit 2
  fi
  . tools/scripts/prepare.sh
  prepare
  exec npx nx run "$task:$target" "$@"
}

target_help() {
  cat <<EOF
usage: $0 [task] [option...]

$2
task     one of: $(task_names); task1 if none is given
option   of the target $1, such as --tag=<image>; all of them:
         npx nx run task1:$1 --help
more     docs/document-map.md; DEBUG=1 in front of the command shows more
EOF
}

task_names() {
  local file names=()
  for file in apps/*/project.json; do
    file=${file%/project.json}
    names+=("${file#apps/}")
  done
  echo "${names[*]}"
}
