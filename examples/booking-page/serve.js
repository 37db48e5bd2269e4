/**
 * Builds the page and serves it, with `/graphql` passed on to the graph, so that page and graph have one origin.
 *
 *   npm start                                   in one terminal
 *   node examples/booking-page/serve.js         in another, then open the printed address
 *
 * GRAPH_URL, PORT and POLL_MS change what the names say.
 */
const { readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { join } = require("node:path");
const { buildSync } = require("esbuild");

const { GRAPH_URL = "http://localhost:4000/graphql", PORT = "4100", POLL_MS = "2000" } = process.env;

const page = readFileSync(join(__dirname, "index.html"), "utf8").replace("%POLL_MS%", POLL_MS);
const { outputFiles } = buildSync({
  entryPoints: [join(__dirname, "page.ts")],
  bundle: true,
  format: "esm",
  target: "es2022",
  write: false,
});

/** Passes a request on, with the headers that the graph reads. */
async function passOn(request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const names = ["content-type", "accept", "authorization", "spine-session"];
  const headers = Object.fromEntries(
    names.flatMap((name) => (request.headers[name] ? [[name, request.headers[name]]] : [])),
  );
  try {
    const answer = await fetch(GRAPH_URL, { method: "POST", headers, body: Buffer.concat(chunks) });
    response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "text/plain" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  } catch {
    response.writeHead(502).end();
  }
}

const server = createServer((request, response) => {
  if (request.url === "/graphql" && request.method === "POST") void passOn(request, response);
  else if (request.url === "/")
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
  else if (request.url === "/page.js")
    response.writeHead(200, { "content-type": "text/javascript" }).end(outputFiles[0].contents);
  else response.writeHead(404).end();
});
server.listen(Number(PORT), "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
