import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { serveParent } from "../kit/child.js";

let bytes = 0;

const server = createServer((request, response) => {
  request.on("data", (chunk: Buffer) => {
    bytes += chunk.length;
  });
  request.on("end", () => response.writeHead(200, { "content-type": "application/json" }).end("{}"));
});

/** An OTLP collector that drops what it receives, in a process of its own. */
serveParent({
  start: () =>
    new Promise<string>((resolve) => {
      server.listen(0, "127.0.0.1", () =>
        resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
      );
    }),
  receivedBytes: () => bytes,
});
