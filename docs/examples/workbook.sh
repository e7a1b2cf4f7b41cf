#!/bin/sh
# Usage: workbook.sh get 2026-Q4 quarter.xlsx     download the workbook, prefilled for this institution
#        workbook.sh send 2026-Q4 quarter.xlsx    submit a filled-in one
# Needs curl and python3; NREM_URL, NREM_CLIENT_ID and NREM_CLIENT_SECRET say where and who.
set -eu
what=$1
period=$2
workbook=$3
intake="$NREM_URL/intake"
type=application/vnd.openxmlformats-officedocument.spreadsheetml.sheet

token=$(curl -sS --fail-with-body -u "$NREM_CLIENT_ID:$NREM_CLIENT_SECRET" -d grant_type=client_credentials \
  "$intake/api/oauth/token" | sed 's/.*"access_token" *: *"\([^"]*\)".*/\1/')

if [ "$what" = get ]; then
  curl -sS --fail-with-body -H "Authorization: Bearer $token" -o "$workbook" \
    "$intake/periods/$period/submissions/$NREM_CLIENT_ID/workbook.xlsx"
  exit
fi

# The platform reads the workbook and says what it understood: `content`, and `errors`, each with its sheet and cell.
said=$(curl -sS --fail-with-body -H "Authorization: Bearer $token" -H "Content-Type: $type" -H 'Accept-Language: en' \
  --data-binary @"$workbook" "$intake/api/workbooks")
content=$(printf '%s' "$said" | python3 -c '
import json, sys
said = json.load(sys.stdin)
for error in said["errors"]:
    print(error["cell"], error["detail"], error["hint"], sep=": ", file=sys.stderr)
sys.exit(1) if said["errors"] else json.dump(said["content"], sys.stdout)')

printf '%s' "$content" | curl -sS --fail-with-body -H "Authorization: Bearer $token" \
  -H 'Content-Type: application/json' --data-binary @- "$intake/api/periods/$period/submissions/$NREM_CLIENT_ID"
echo
