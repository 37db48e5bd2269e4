import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { afterwards } from "./wait.js";

/** A line to a server of another make, on which every question travels for so long. Answers come back at once. */
export interface SlowLine {
  readonly port: number;
  close(): void;
}

/** @param latency asked anew for each piece; the order is kept as long as it does not shrink. */
export async function openSlowLine(target: number, latency: () => number): Promise<SlowLine> {
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
