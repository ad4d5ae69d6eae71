#!/usr/bin/env bash
# Runs a command with production settings' secrets filled with fresh random values that protect nothing: for `check --deploy` and
# for collecting static files. Never for a server. Usage: throwaway-env.sh COMMAND ...
set -euo pipefail
key() { head -c 32 /dev/urandom | base64 -w0 | tr '+/' '-_'; }
while read -r name; do unset "$name"; done < <(compgen -e | grep -E '_FILE$' || true)
export SECRET_KEY SAMVIRKE_FIELD_KEY SAMVIRKE_LOOKUP_KEY
SECRET_KEY=$(key)$(key)
SAMVIRKE_FIELD_KEY=$(key)
SAMVIRKE_LOOKUP_KEY=$(key)
for login in WEB AUTH WORKER MIGRATE; do export "SAMVIRKE_DB_PASSWORD_$login=$(key)"; done
export ALLOWED_HOSTS=samvirke.example.no DATABASE_URL=postgresql://localhost/samvirke REDIS_URL=redis://localhost:6379/0
export DJANGO_SETTINGS_MODULE=coordination.settings.production
exec "$@"
