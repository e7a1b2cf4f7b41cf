#!/bin/sh
# Writes Alertmanager's settings from the environment and starts it. At least one way out must be named:
#   NREM_ALERT_WEBHOOK     an address that takes Alertmanager's JSON
#   NREM_ALERT_MAIL_TO     addresses, separated by commas; with NREM_ALERT_SMTP (host:port), NREM_ALERT_MAIL_FROM and,
#                          where the server asks, NREM_ALERT_SMTP_USER and NREM_ALERT_SMTP_PASSWORD
set -eu
umask 077
settings=/tmp/alertmanager.yml

if [ -z "${NREM_ALERT_WEBHOOK:-}${NREM_ALERT_MAIL_TO:-}" ]; then
  echo 'alertmanager: name NREM_ALERT_WEBHOOK or NREM_ALERT_MAIL_TO' >&2
  exit 1
fi

quoted() { # as a YAML text
  printf "'%s'" "$(printf %s "$1" | sed "s/'/''/g")"
}

{
  echo 'route:'
  echo '  receiver: operator'
  echo '  group_by: [alertname, service]'
  echo '  group_wait: 30s'
  echo '  group_interval: 5m'
  echo '  repeat_interval: 12h'
  echo 'receivers:'
  echo '  - name: operator'
  if [ -n "${NREM_ALERT_WEBHOOK:-}" ]; then
    echo '    webhook_configs:'
    echo "      - url: $(quoted "$NREM_ALERT_WEBHOOK")"
  fi
  if [ -n "${NREM_ALERT_MAIL_TO:-}" ]; then
    echo '    email_configs:'
    echo "      - to: $(quoted "$NREM_ALERT_MAIL_TO")"
    echo "        from: $(quoted "${NREM_ALERT_MAIL_FROM:?}")"
    echo "        smarthost: $(quoted "${NREM_ALERT_SMTP:?}")"
    echo '        send_resolved: true'
    if [ -n "${NREM_ALERT_SMTP_USER:-}" ]; then
      echo "        auth_username: $(quoted "$NREM_ALERT_SMTP_USER")"
      echo "        auth_password: $(quoted "${NREM_ALERT_SMTP_PASSWORD:?}")"
    fi
  fi
  # What is critical silences the warning of the same service: one cause, one mail.
  echo 'inhibit_rules:'
  echo '  - source_matchers: [severity="critical"]'
  echo '    target_matchers: [severity="warning"]'
  echo '    equal: [service]'
} >"$settings"

exec /bin/alertmanager --config.file="$settings" --storage.path=/alertmanager
