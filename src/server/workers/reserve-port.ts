import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";

/** The port on which all workers listen. */
export interface ReservedPort {
  readonly number: number;
  /** Frees it for the workers. Further calls change nothing. */
  release(): Promise<void>;
}

/**
 * A port of the system's choice, for all workers: each of them would be given its own after all have ended. It stays
 * occupied until the first worker is about to listen, so that no other process is given it meanwhile.
 */
export async function reservePort(host: string): Promise<ReservedPort> {
  // A connection would keep the port occupied.
  const server = createServer((socket) => socket.destroy())
    .listen(0, host)
    .unref();
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  let released: Promise<void> | undefined;
  const release = () => {
    released ??= new Promise<void>((resolve) => void server.close(() => resolve()));
    return released;
  };
  return { number: port, release };
}
