import { type AddressInfo, createServer, type Socket } from "node:net";
import { BerReader, BerWriter } from "ldapts";

/** A search that has come in. The test answers it, or does not. */
export interface StubSearch {
  /** Which connection it came over, counted from 1. */
  readonly connection: number;
  entry(attributes: Readonly<Record<string, readonly string[]>>): StubSearch;
  reference(url: string): StubSearch;
  /** Ends the answer with a result code and words of the server's own. */
  done(resultCode?: number, words?: string): void;
  /** Sends bytes that are no LDAP. */
  garble(): void;
  /** Hangs up, with what has been sent so far on its way. Resolves when the client has hung up too. */
  hangUp(): Promise<void>;
}

export interface LdapStub {
  readonly url: string;
  readonly connections: number;
  /** All searches so far. */
  readonly searches: readonly StubSearch[];
  /** Resolves when so many searches have come in. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

export interface LdapStubOptions {
  /** How each search is answered; left out, the test does it by hand. */
  readonly answer?: (search: StubSearch) => void;
  /** Result code of the bind; `"silent"` never answers it. */
  readonly bind?: number | "silent";
}

const BIND = 0x60;
const SEARCH = 0x63;
const [BOUND, ENTRY, DONE, REFERENCE] = [0x61, 0x64, 0x65, 0x73];

/** A server that speaks as much LDAP as a test of the client needs, and misbehaves as told (RFC 4511, section 4). */
export async function startLdapStub({ answer, bind = 0 }: LdapStubOptions = {}): Promise<LdapStub> {
  const sockets = new Set<Socket>();
  const searches: StubSearch[] = [];
  const watchers = new Set<() => void>();
  let connections = 0;

  const server = createServer({ noDelay: true }, (socket) => {
    connections += 1;
    const connection = connections;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let unread: Buffer = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      const { messages, rest } = split(Buffer.concat([unread, chunk]));
      unread = rest;
      for (const { id, operation } of messages) {
        if (operation === BIND && bind !== "silent") socket.write(result(id, BOUND, bind, ""));
        if (operation !== SEARCH) continue;
        const search = searchOver(socket, connection, id);
        searches.push(search);
        answer?.(search);
        for (const watcher of [...watchers]) watcher();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

  return {
    url: `ldap://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get connections() {
      return connections;
    },
    searches,
    received: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (searches.length < count) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        check();
      }),
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function searchOver(socket: Socket, connection: number, id: number): StubSearch {
  const search: StubSearch = {
    connection,
    entry(attributes) {
      socket.write(
        message(id, ENTRY, (writer) => {
          writer.writeString("uniqueIdentifier=canary,ou=services,o=nhs");
          writer.startSequence();
          for (const [name, values] of Object.entries(attributes)) {
            writer.startSequence();
            writer.writeString(name);
            writer.startSequence(0x31);
            for (const value of values) writer.writeString(value);
            writer.endSequence();
            writer.endSequence();
          }
          writer.endSequence();
        }),
      );
      return search;
    },
    reference(url) {
      socket.write(message(id, REFERENCE, (writer) => writer.writeString(url)));
      return search;
    },
    done: (resultCode = 0, words = "") => void socket.write(result(id, DONE, resultCode, words)),
    garble: () => void socket.write(message(id, 0x7f, (writer) => writer.writeString("?"))),
    hangUp: () =>
      new Promise((resolve) => {
        socket.once("close", () => resolve());
        socket.end();
      }),
  };
  return search;
}

/** Whole messages of what has come in, by their ids and kinds, and what is left over. */
function split(bytes: Buffer): { messages: { id: number; operation: number }[]; rest: Buffer } {
  const messages: { id: number; operation: number }[] = [];
  let rest = bytes;
  for (;;) {
    const reader = new BerReader(rest);
    if (rest.length === 0 || reader.readSequence() === null || reader.remain < reader.length) break;
    const end = reader.offset + reader.length;
    messages.push({ id: reader.readInt() ?? 0, operation: reader.peek() ?? 0 });
    rest = rest.subarray(end);
  }
  return { messages, rest };
}

function result(id: number, operation: number, resultCode: number, words: string): Buffer {
  return message(id, operation, (writer) => {
    writer.writeEnumeration(resultCode);
    writer.writeString("");
    writer.writeString(words);
  });
}

function message(id: number, operation: number, write: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter();
  writer.startSequence();
  writer.writeInt(id);
  writer.startSequence(operation);
  write(writer);
  writer.endSequence();
  writer.endSequence();
  return writer.buffer;
}
