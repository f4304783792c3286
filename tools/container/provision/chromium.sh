# Sourced by provision.sh: makes sure that the viewer's tests have a browser.

ensure_chromium() {
  command -v chromium >/dev/null || install_packages chromium
  say "chromium: $(chromium --version --no-sandbox 2>/dev/null | head -n 1)"
}
