#!/bin/sh
# A Chromium for the browser tests: an installed one, else Debian's where it may be installed, else say what is missing.
set -eu
[ -n "${NREM_TEST_CHROMIUM:-}" ] && [ -x "$NREM_TEST_CHROMIUM" ] && exit 0
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" > /dev/null 2>&1 && exit 0
done
install="apt-get install -y --no-install-recommends chromium"
if command -v apt-get > /dev/null 2>&1; then
    if [ "$(id -u)" = 0 ]; then
        echo "installing chromium …"
        apt-get update -qq > /dev/null && $install > /dev/null && exit 0
    elif command -v sudo > /dev/null 2>&1 && sudo -n true 2> /dev/null; then
        echo "installing chromium …"
        sudo -n apt-get update -qq > /dev/null && sudo -n $install > /dev/null && exit 0
    fi
fi
echo "The browser tests need Chromium or Chrome. Install it (Debian, Ubuntu: $install)," >&2
echo "or name its program in NREM_TEST_CHROMIUM." >&2
exit 1
