#!/bin/sh
# Starts an image without its settings: it must be a user's, run with a read-only root, and end with 2 and a message that names them.
set -eu
image="${1:?names no image}"

user=$(docker image inspect --format '{{.Config.User}}' "$image")
[ "$user" = 1000:1000 ] || { echo "$image runs as \"$user\", not 1000:1000" >&2; exit 1; }
docker image inspect --format '{{.Size}}' "$image" | awk '{ printf "%.0f MB\n", $1 / 1e6 }'

code=0
said=$(docker run --rm --read-only "$image" 2>&1) || code=$?
echo "$said"
[ "$code" = 2 ] || { echo "$image ended with $code, not 2" >&2; exit 1; }
case "$said" in
*NUTRISAGE_*) ;;
*)
  echo "$image does not name what it needs" >&2
  exit 1
  ;;
esac
