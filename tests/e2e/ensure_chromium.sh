#!/bin/sh
# A Chromium for the browser tests: an installed one, else Debian's where it may be installed, else say what is missing.
# The one without windows comes first: the engine is the same, and a page costs half the time in it.
set -eu
[ -n "${NREM_TEST_CHROMIUM:-}" ] && [ -x "$NREM_TEST_CHROMIUM" ] && exit 0
command -v chromium-headless-shell > /dev/null 2>&1 && exit 0

install="apt-get install -y --no-install-recommends"
as_root=""
[ "$(id -u)" = 0 ] || as_root="sudo -n"
installed() {
    command -v apt-get > /dev/null 2>&1 || return 1
    [ -z "$as_root" ] || { command -v sudo > /dev/null 2>&1 && sudo -n true 2> /dev/null; } || return 1
    echo "installing chromium …"
    $as_root apt-get update -qq > /dev/null 2>&1 || return 1
    for package in "$@"; do
        $as_root $install "$package" > /dev/null 2>&1 && return 0
    done
    return 1
}

for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" > /dev/null 2>&1 || continue
    # It serves as well, only slower: root gets the other beside it, and nothing is lost where that fails.
    [ -n "$as_root" ] || installed chromium-headless-shell || true
    exit 0
done
installed chromium-headless-shell chromium && exit 0
echo "The browser tests need Chromium or Chrome. Install it (Debian, Ubuntu: $install chromium)," >&2
echo "or name its program in NREM_TEST_CHROMIUM." >&2
exit 1
