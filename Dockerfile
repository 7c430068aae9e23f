FROM node:26-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts
COPY . .
RUN node client/build.ts && npm prune --omit=dev --ignore-scripts

FROM node:26-slim
WORKDIR /app
COPY --from=build /app /app
RUN mkdir /data && chown node:node /data
USER node
ENV HOST=0.0.0.0 DATA_DIR=/data
EXPOSE 8080
# As in `npm start`: room for the readers, who stay for hours, instead of for what is soon thrown away.
CMD ["node", "--max-semi-space-size=8", "--initial-old-space-size=128", "server/main.ts", "serve"]
