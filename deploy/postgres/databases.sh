#!/bin/sh
# One database per service, each with an owner that migrates and an app role that runs. Can be repeated: what is
# missing is made, passwords are set anew. Connects as PGUSER to PGHOST; passwords come from the environment.
set -eu

for service in intake statistics plan_tracker notifier; do
  NREM_NAME=nrem_$service
  upper=$(echo "$service" | tr a-z A-Z)
  eval "NREM_OWNER=\$NREM_${upper}_OWNER_PASSWORD NREM_APP=\$NREM_${upper}_APP_PASSWORD"
  export NREM_NAME NREM_OWNER NREM_APP
  psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 <<'SQL'
\getenv name NREM_NAME
\getenv owner_password NREM_OWNER
\getenv app_password NREM_APP
select format('create role %I login', :'name' || suffix) from unnest(array['_owner', '_app']) as suffix
 where not exists (select from pg_roles where rolname = :'name' || suffix) \gexec
select format('alter role %I password %L', :'name' || '_owner', :'owner_password') \gexec
select format('alter role %I password %L', :'name' || '_app', :'app_password') \gexec
select format('grant %I to current_user', :'name' || '_owner')
 where not pg_has_role(current_user, :'name' || '_owner', 'member') \gexec
select format('create database %I owner %I template template0 encoding %L locale %L locale_provider builtin builtin_locale %L',
              :'name', :'name' || '_owner', 'UTF8', 'C', 'C.UTF-8')
 where not exists (select from pg_database where datname = :'name') \gexec
select format('revoke all on database %I from public', :'name') \gexec
select format('grant connect on database %I to %I', :'name', :'name' || '_app') \gexec
SQL
  echo "$NREM_NAME is there"
done
