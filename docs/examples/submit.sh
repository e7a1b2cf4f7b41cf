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

# The same Idempotency-Key and content again give the first answer again: a repeated call never submits twice.
key="$NREM_CLIENT_ID/$period/$(cksum < "$report" | tr ' ' -)"
curl -sS --fail-with-body -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
  -H "Idempotency-Key: $key" --data-binary @"$report" "$intake/periods/$period/submissions/$NREM_CLIENT_ID"
echo
