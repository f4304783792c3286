# Sourced by the scripts at the root: checks Node and installs the packages of the lock file.

export NX_DAEMON=false NX_TUI=false

prepare() {
  node -e '
    const [major, minor] = process.versions.node.split(".").map(Number);
    process.exit(major > 20 || (major === 20 && minor >= 19) ? 0 : 1);
  ' 2>/dev/null || {
    echo "Node 20.19 or newer is needed, found: $(node --version 2>/dev/null || echo none). Get it from https://nodejs.org" >&2
    exit 2
  }
  if ! packages_are_current; then
    echo 'installing packages (npm ci)'
    npm ci --no-audit --no-fund --loglevel=error || exit
  fi
}

# npm writes node_modules/.package-lock.json when it has installed a lock file.
packages_are_current() {
  node -e '
    const { statSync } = require("node:fs");
    const time = (file) => statSync(file).mtimeMs;
    process.exit(time("node_modules/.package-lock.json") + 60_000 > time("package-lock.json") ? 0 : 1);
  ' 2>/dev/null
}
