#!/usr/bin/env bash
# Builds ../static from pinned npm packages. Needs npm and network; its output is committed, so that nobody else does.
set -euo pipefail
govuk_frontend=6.3.0 # the release that govuk-frontend-jinja 4.1 mirrors
source_sans=5.3.0
sass=1.108.2

here="$(cd "$(dirname "$0")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cd "$work"
printf '{"private":true}' > package.json
npm install --silent --no-audit --no-fund --no-package-lock \
  "govuk-frontend@$govuk_frontend" "@fontsource-variable/source-sans-3@$source_sans" "sass@$sass" >/dev/null

fonts=node_modules/@fontsource-variable/source-sans-3
cp "$fonts/files/source-sans-3-latin-wght-normal.woff2" "$here/../static/source-sans-3-latin.woff2"
cp "$fonts/files/source-sans-3-latin-ext-wght-normal.woff2" "$here/../static/source-sans-3-latin-ext.woff2"
node_modules/.bin/sass --style=compressed --no-source-map --quiet-deps \
  --load-path=node_modules/govuk-frontend/dist --load-path="$here" "$here/nrem.scss" "$here/../static/nrem.css"
ls -l "$here/../static"
