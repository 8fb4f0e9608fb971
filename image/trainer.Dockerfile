# The trainer: fetches exports, trains, publishes, and ends.
#
#   docker build -f image/trainer.Dockerfile -t nutrisage-trainer .
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${NODE_IMAGE} AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts
COPY schemas ./schemas
COPY core ./core
COPY trainer ./trainer
COPY image ./image
RUN node image/trim.ts trainer

FROM ${NODE_IMAGE} AS node

FROM ${BASE_IMAGE}
# The real XGBoost, called by its C interface. Only training needs it.
RUN apt-get update && apt-get install --yes --no-install-recommends libxgboost0 ca-certificates && rm -rf /var/lib/apt/lists/*
COPY --from=node /usr/local/bin/node /usr/local/bin/node
# A volume takes owner and mode of the folder that it hides, on Fargate only where it is named here: so the trainer, which is not
# root, may write there.
RUN mkdir -p /work && chown 1000:1000 /work
VOLUME ["/work", "/tmp"]
WORKDIR /app
COPY --from=modules /app ./
ENV NODE_ENV=production MALLOC_ARENA_MAX=2 ORT_DISABLE_TELEMETRY=1
ENV NUTRISAGE_TRAINING_FOLDER=/work
USER 1000:1000
CMD ["sh", "image/train-and-publish.sh"]
