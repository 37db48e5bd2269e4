import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  readonly port: number;
  /** Number of connections so far. */
  readonly connections: number;
  /** Resets all connections, as a firewall does. New connections are accepted. */
  cut(): void;
  /** Resets all connections, and every new one until it is mended. */
  break(): void;
  mend(): void;
  close(): Promise<void>;
}

/** Passes bytes between a client and a server on loopback, so that a test can reset their connections. */
export async function startTcpProxy(targetPort: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let connections = 0;
  let isBroken = false;
  const server = createServer((near) => {
    connections += 1;
    if (isBroken) {
      near.on("error", () => {});
      near.resetAndDestroy();
      return;
    }
    const far = connect(targetPort, "127.0.0.1");
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const cut = () => {
    for (const socket of open) {
      // Node.js cannot reset a socket that is shutting down: its handle would leak and keep the process alive.
      if (socket.writableEnded) socket.destroy();
      else socket.resetAndDestroy();
    }
  };
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return connections;
    },
    cut,
    break() {
      isBroken = true;
      cut();
    },
    mend() {
      isBroken = false;
    },
    close() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
