#!/bin/sh
# From exports to a published model: what the trainer's image runs, by a schedule or on demand.
#
#   NUTRISAGE_TRAINING_SOURCES  exports, separated by blanks: https://…, s3://bucket/key, or paths
#   NUTRISAGE_TRAINING_FOLDER   where it works; needs room for the exports
#   NUTRISAGE_TRAINING_PROMOTE  yes: a model that passes the gates becomes current
#   NUTRISAGE_TRAINING_OPTIONS  further options of the training, such as --copies 20
#   NUTRISAGE_MODEL_BUCKET      where it is published
set -eu
: "${NUTRISAGE_TRAINING_SOURCES:?names no export to train on: https://…, s3://bucket/key or a path}"
: "${NUTRISAGE_TRAINING_FOLDER:?names no folder to work in}"
: "${NUTRISAGE_MODEL_BUCKET:?names no bucket to publish to}"

data="$NUTRISAGE_TRAINING_FOLDER/data"
model="$NUTRISAGE_TRAINING_FOLDER/model"
rm -rf "$data" "$model"
number=0
for source in $NUTRISAGE_TRAINING_SOURCES; do
  number=$((number + 1))
  echo "Fetching $source"
  node trainer/ingest/main.ts --source "$source" --out "$data/$number"
done
# Several exports lie beside each other in folders; one is the folder itself.
if [ "$number" = 1 ]; then data="$data/1"; fi
# shellcheck disable=SC2086 # options are words
node trainer/main.ts --data "$data" --out "$model" ${NUTRISAGE_TRAINING_OPTIONS:-}
node trainer/registry/main.ts publish "$model"
if [ "${NUTRISAGE_TRAINING_PROMOTE:-no}" = yes ]; then
  version=$(node -p 'JSON.parse(require("node:fs").readFileSync(process.argv[1], "utf8")).version' "$model/manifest.json")
  node trainer/registry/main.ts promote "$version"
fi
