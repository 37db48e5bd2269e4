import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterwards } from "./wait.js";

/** A TCP proxy that delays requests to a server. Responses are not delayed. */
export interface SlowConnection {
  readonly port: number;
  close(): void;
}

/** @param latency read for each chunk, in milliseconds. The order is kept as long as it does not decrease. */
export async function openSlowConnection(target: number, latency: () => number): Promise<SlowConnection> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, "127.0.0.1");
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on("error", () => socket.destroy());
      sockets.add(socket);
    }
    near.on("data", (piece) => afterwards(performance.now(), latency(), () => far.write(piece)));
    near.on("close", () => setTimeout(() => far.destroy(), latency()));
    far.on("data", (piece) => near.write(piece));
    far.on("close", () => near.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
