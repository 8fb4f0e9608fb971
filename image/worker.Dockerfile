# Worker and endpoint in one image: CMD starts the worker, `node worker/endpoint-main.ts` the endpoint.
#
#   docker build -f image/worker.Dockerfile -t nutrisage-worker .
#
# Plain instructions alone: docker, podman and buildah build it, and `npm run image` executes the same in a folder.
ARG NODE_IMAGE=docker.io/library/node:24-bookworm-slim
ARG BASE_IMAGE=docker.io/library/debian:bookworm-slim

FROM ${NODE_IMAGE} AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# No package's script is needed: those there are fetch what the packages already bring.
RUN npm ci --omit=dev --ignore-scripts
COPY schemas ./schemas
COPY core ./core
COPY worker ./worker
COPY image ./image
RUN node image/trim.ts worker

# One binary of the Node image: without npm and its tools the image is smaller, and holds less to attack.
FROM ${NODE_IMAGE} AS node

FROM ${BASE_IMAGE}
COPY --from=node /usr/local/bin/node /usr/local/bin/node
WORKDIR /app
COPY --from=modules /app ./
ENV NODE_ENV=production MALLOC_ARENA_MAX=2 ORT_DISABLE_TELEMETRY=1
ENV NUTRISAGE_METRICS_PORT=9464
USER 1000:1000
EXPOSE 8080 9464
# Worker or endpoint, whichever was started.
HEALTHCHECK --interval=30s --timeout=12s --start-period=60s --retries=3 CMD ["node", "image/healthy.mjs", "http://127.0.0.1:9464/health/live", "http://127.0.0.1:8080/health/live"]
# As schemas/worker-node-flags.ts has it.
CMD ["node", "--max-semi-space-size=2", "--heap-growing-percent=70", "--expose-gc", "--disable-warning=ExperimentalWarning", "worker/main.ts"]
