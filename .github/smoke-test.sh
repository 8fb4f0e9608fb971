#!/bin/sh
# Asks a deployed endpoint whether it is ready, and for one grade: `SMOKE_API_KEY=… .github/smoke-test.sh https://…`
set -eu
url="${1:?gives no address: https://…}"
key="${SMOKE_API_KEY:?is not set: a key of the endpoint}"

# A load balancer that is just made, or a task that is just started, may need a minute.
curl --fail --silent --show-error --output /dev/null --max-time 10 \
  --retry "${SMOKE_RETRIES:-12}" --retry-delay 5 --retry-all-errors "$url/health/ready"
echo "$url is ready"

answer=$(curl --fail --silent --show-error --max-time 10 \
  --header "authorization: Bearer $key" --header 'content-type: application/json' \
  --data '{"code":"3017620422003","energy_100g":2252,"fat_100g":30.9,"saturated-fat_100g":10.6,"sugars_100g":56.3,"proteins_100g":6.3,"salt_100g":0.107,"fiber_100g":0,"categories_tags":["en:spreads"]}' \
  "$url/grade")
case "$answer" in
*'"grade":"e"'*) echo "it grades: $answer" | cut -c1-300 ;;
*)
  echo "a hazelnut spread is not graded E: $answer" >&2
  exit 1
  ;;
esac
