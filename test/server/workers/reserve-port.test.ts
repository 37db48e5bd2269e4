import { once } from "node:events";
import { connect, createServer } from "node:net";
import { reservePort } from "../../../src/server/workers/reserve-port.js";

const HOST = "127.0.0.1";

/** Resolves with the code of the error, or undefined when the port was free. */
async function listenOnce(port: number): Promise<string | undefined> {
  const server = createServer();
  const code = new Promise<string | undefined>((resolve) => {
    server.once("error", (error: NodeJS.ErrnoException) => resolve(error.code));
    server.listen(port, HOST, () => server.close(() => resolve(undefined)));
  });
  return code;
}

test("a reserved port cannot be taken before it is released", async () => {
  const reserved = await reservePort(HOST);
  expect(await listenOnce(reserved.number)).toBe("EADDRINUSE");
  await reserved.release();
  expect(await listenOnce(reserved.number)).toBeUndefined();
});

test("a port can be released by each worker, while another one listens on it", async () => {
  const reserved = await reservePort(HOST);
  await Promise.all([reserved.release(), reserved.release()]);
  const worker = createServer().listen(reserved.number, HOST);
  await once(worker, "listening");
  await reserved.release();
  worker.close();
});

test("a connection to a reserved port is closed, so that it does not delay the release", async () => {
  const reserved = await reservePort(HOST);
  const early = connect(reserved.number, HOST).resume();
  await once(early, "close");
  const late = connect(reserved.number, HOST);
  late.on("error", () => {});
  await reserved.release();
  late.destroy();
});
