import type { IncomingMessage } from "node:http";

/** Passes on the body of a request, at once when it can have none. */
export function readBody(incoming: IncomingMessage, then: (body: string) => void): void {
  if (incoming.method === "GET") {
    then("");
    return;
  }
  let body = "";
  incoming.setEncoding("utf8");
  incoming.on("data", (chunk: string) => {
    body += chunk;
  });
  incoming.on("end", () => then(body));
}
