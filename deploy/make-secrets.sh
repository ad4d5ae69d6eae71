#!/usr/bin/env bash
# Makes the secret files that docker-compose.yml names, those that are missing only, and a self-signed certificate for HOST to begin
# with. Usage: deploy/make-secrets.sh HOST [FOLDER]
# The folder is open to its owner only. The files inside can be read by the containers' own users, who see one file each.
set -euo pipefail
host=${1:?Usage: deploy/make-secrets.sh HOST [FOLDER]}
folder=${2:-$(dirname "${BASH_SOURCE[0]}")/secrets}
mkdir -p "$folder"
chmod 700 "$folder"

random() { head -c 32 /dev/urandom | base64 -w0 | tr '+/' '-_'; }
write() { # name value
  [ -e "$folder/$1" ] || printf '%s\n' "$2" >"$folder/$1"
  chmod 444 "$folder/$1"
}

write secret_key "$(random)$(random)"
for name in field_key lookup_key; do write "$name" "$(random)"; done
# No base64 padding in what goes into a URL.
for name in redis_password db_admin db_web db_auth db_worker db_migrate; do write "$name" "$(random | tr -d '=')"; done
write redis_url "redis://:$(cat "$folder/redis_password")@redis:6379/0"
write db_admin_url "postgresql://postgres:$(cat "$folder/db_admin")@db:5432/samvirke"
if [ ! -e "$folder/tls_certificate" ]; then
  openssl req -x509 -newkey rsa:3072 -nodes -days 30 -subj "/CN=$host" -addext "subjectAltName=DNS:$host" \
    -keyout "$folder/tls_key" -out "$folder/tls_certificate" 2>/dev/null
  echo "A self-signed certificate for 30 days is in $folder. Replace tls_certificate and tls_key with real ones." >&2
fi
chmod 444 "$folder/tls_certificate" "$folder/tls_key"
