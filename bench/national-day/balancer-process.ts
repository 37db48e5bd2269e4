import { type AddressInfo, connect, createServer } from "node:net";
import { serveParent } from "../kit/child.js";

/** Passes each connection on to the next of the ports, in turn. @returns the port on which it listens. */
function startBalancer(ports: readonly number[]): Promise<number> {
  let turn = 0;
  const server = createServer({ noDelay: true }, (client) => {
    turn += 1;
    const upstream = connect({ port: ports[turn % ports.length] ?? 0, host: "127.0.0.1", noDelay: true });
    client.pipe(upstream).pipe(client);
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

/** Runs the proxy in a process of its own, so that its work is not counted as the work of a server. */
serveParent({ startBalancer: (ports) => startBalancer(ports as readonly number[]) });
