#!/bin/sh
# Usage: submit.sh 2026-Q4 report.json
# Checks a report and submits it. Needs curl; NREM_URL, NREM_CLIENT_ID and NREM_CLIENT_SECRET say where and who.
set -eu
period=$1
report=$2
intake="$NREM_URL/intake/api"

# A token lives for five minutes: ask for a new one each time.
token=$(curl -sS --fail-with-body -u "$NREM_CLIENT_ID:$NREM_CLIENT_SECRET" -d grant_type=client_credentials \
  "$intake/oauth/token" | sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/')

# Nothing is kept by checking. Where something is wrong, the answer (422) lists every error with its place.
curl -sS --fail-with-body -H "Authorization: Bearer $token" -H 'Content-Type: application/json' -H 'Accept-Language: en' \
  --data-binary @"$report" "$intake/validate/$period/$NREM_CLIENT_ID"
echo

# A later version names the revision that you saw, which is the ETag; before the first one there is none.
seen=$(curl -sS -o /dev/null -D - -H "Authorization: Bearer $token" "$intake/periods/$period/submissions/$NREM_CLIENT_ID" \
  | tr -d '\r' | sed -n 's/^[Ee][Tt][Aa][Gg]: */If-Match: /p')

# The same Idempotency-Key and content again give the first answer again: a repeated call never submits twice.
key="$NREM_CLIENT_ID/$period/$(cksum < "$report" | tr ' ' -)"
curl -sS --fail-with-body -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
  -H "Idempotency-Key: $key" -H "${seen:-If-Match:}" --data-binary @"$report" \
  "$intake/periods/$period/submissions/$NREM_CLIENT_ID"
echo
