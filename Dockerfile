# The image of the service. It runs as a user without rights, with a read-only root file system: only /app/var is written
# (the audit file; mount a volume there). `npm run image:check` runs these very steps without a container engine.
#
#   docker build -t spine-graph . && docker run --read-only --tmpfs /app/var --env-file .env -p 4000:4000 spine-graph

FROM node:22-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ./
COPY scripts/build-pages.js scripts/
COPY test/operations test/operations
COPY src src
RUN npm run build

FROM node:22-bookworm-slim AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --no-audit --no-fund

FROM node:22-bookworm-slim
# Live mode listens on all addresses of the container. Sandbox mode accepts loopback only: set HOST=127.0.0.1 for it.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=4000 METRICS_PORT=9464
WORKDIR /app
COPY --from=dependencies /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY package.json LICENSE ./
# Writable for whatever user the platform chooses; a volume mounted here brings its own rights.
RUN mkdir -m 1777 var
USER 1000:1000
EXPOSE 4000 9464
STOPSIGNAL SIGTERM
# Liveness only: a container that waits for its database must not be restarted for that.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# The flags of `npm start`: docs/settings.md says why.
CMD ["node", "--max-semi-space-size=64", "--no-memory-reducer", "dist/main.js"]
