import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { BerWriter, Client } from "ldapts";
import { createLog } from "../../../src/platform/telemetry/log.js";
import type { LdapServer } from "../../../src/sandbox/ldap/ldap-server.js";
import { toLdif } from "../../fixtures/sds/seed-ldif.js";
import { entriesOf, startServer } from "./support.js";

const BASE = "ou=services,o=nhs";
const SYSTEMS = Array.from({ length: 600 }, (_, index) => ({
  asid: `7${String(index).padStart(11, "0")}`,
  odsCode: `A${String(index).padStart(4, "0")}`,
  partyKey: `A${String(index).padStart(4, "0")}-800001`,
  interactions: ["urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1"],
}));

const logLines: string[] = [];
let server: LdapServer;
let client: Client;
const raw: Socket[] = [];
beforeAll(async () => {
  const log = createLog("warn", (line) => logLines.push(line));
  server = await startServer(entriesOf(toLdif(SYSTEMS, [])), { log });
});
beforeEach(() => {
  logLines.length = 0;
  client = new Client({ url: server.url });
});
afterEach(async () => {
  await client.unbind();
  for (const socket of raw.splice(0)) socket.destroy();
});
afterAll(() => server.close());

describe("a bind", () => {
  it("succeeds without name and password", async () => {
    await expect(client.bind("", "")).resolves.toBeUndefined();
  });

  it("fails with a password: there are no users", async () => {
    await expect(client.bind("cn=admin,o=nhs", "secret")).rejects.toMatchObject({ code: 49 });
  });

  it("fails with SASL, which is not simulated", async () => {
    await expect(client.bind("PLAIN", "secret")).rejects.toMatchObject({ code: 7 });
  });

  it("is not needed before a search", async () => {
    const { searchEntries } = await client.search(BASE, { filter: "(nhsIDCode=A0001)" });
    expect(searchEntries).toMatchObject([{ uniqueIdentifier: "700000000001" }]);
  });
});

describe("a search", () => {
  it("describes the server at its root", async () => {
    const { searchEntries } = await client.search("", { scope: "base", attributes: ["namingcontexts"] });
    expect(searchEntries).toEqual([{ dn: "", namingContexts: "o=nhs" }]);
  });

  it("returns the server's spelling of attributes, whatever the request spells", async () => {
    const { searchEntries } = await client.search("ou=Services, o=NHS", {
      filter: "(NHSIDCODE=A0001)",
      attributes: ["nhsMhsPartyKey"],
    });
    expect(searchEntries[0]).toMatchObject({ nhsMHSPartyKey: "A0001-800001" });
  });

  it("matches ODS codes by letter case, and party keys in any", async () => {
    const found = async (filter: string) => (await client.search(BASE, { filter })).searchEntries.length;
    expect(await found("(nhsIDCode=a0001)")).toBe(0);
    expect(await found("(nhsMHSPartyKey=a0001-800001)")).toBe(1);
  });

  it("below an unknown base fails with noSuchObject", async () => {
    await expect(client.search("ou=People,o=nhs", {})).rejects.toMatchObject({ code: 32 });
  });

  it("ends with sizeLimitExceeded above 500 entries", async () => {
    await expect(client.search(BASE, { filter: "(objectClass=nhsAs)" })).rejects.toMatchObject({ code: 4 });
  });

  it("with paging that the client insists on fails and is logged: no control is simulated", async () => {
    const paged = { filter: "(objectClass=nhsAs)", paged: { pageSize: 100 } };
    const control = bytes((writer) => {
      writer.startSequence();
      writer.writeInt(7);
      writer.startSequence(0x63);
      writer.writeString(BASE);
      writer.writeEnumeration(2);
      writer.writeEnumeration(0);
      writer.writeInt(0);
      writer.writeInt(0);
      writer.writeBoolean(false);
      writer.writeString("objectClass", 0x87);
      writer.startSequence();
      writer.endSequence();
      writer.endSequence();
      writer.startSequence(0xa0);
      writer.startSequence();
      writer.writeString("1.2.840.113556.1.4.319");
      writer.writeBoolean(true);
      writer.endSequence();
      writer.endSequence();
      writer.endSequence();
    });
    expect(resultCodeOf(await exchange(control))).toBe(12);
    expect(logLines.join("")).toContain("does not simulate");
    // A control that the client does not insist on is ignored, so the size limit applies.
    await expect(client.search(BASE, paged)).rejects.toMatchObject({ code: 4 });
  });

  it("is one of many over a single connection, each with its own result", async () => {
    await client.bind("", "");
    const found = await Promise.all(
      SYSTEMS.slice(0, 50).map(({ odsCode }) => client.search(BASE, { filter: `(nhsIDCode=${odsCode})` })),
    );
    expect(found.map(({ searchEntries }) => searchEntries[0]?.nhsIDCode)).toEqual(
      SYSTEMS.slice(0, 50).map(({ odsCode }) => odsCode),
    );
  });
});

describe("what the server does not simulate", () => {
  it.each([
    ["an addition", () => client.add("uniqueIdentifier=1,ou=Services,o=nhs", { objectClass: "nhsAs" })],
    ["a deletion", () => client.del("uniqueIdentifier=1,ou=Services,o=nhs")],
    ["a rename", () => client.modifyDN("ou=Services,o=nhs", "ou=Others")],
    ["a comparison", () => client.compare("ou=Services,o=nhs", "ou", "Services")],
    ["an extended operation", () => client.exop("1.3.6.1.4.1.4203.1.11.3")],
  ])("%s fails with unwillingToPerform and is logged", async (_what, run) => {
    await expect(run()).rejects.toMatchObject({ code: 53 });
    expect(logLines.join("")).toContain("does not simulate");
  });
});

describe("the connection", () => {
  const search = (id: number) =>
    bytes((writer) => {
      writer.startSequence();
      writer.writeInt(id);
      writer.startSequence(0x63);
      writer.writeString(BASE);
      writer.writeEnumeration(2);
      writer.writeEnumeration(0);
      writer.writeInt(0);
      writer.writeInt(0);
      writer.writeBoolean(false);
      writer.startSequence(0xa3);
      writer.writeString("nhsIDCode");
      writer.writeString("nobody");
      writer.endSequence();
      writer.startSequence();
      writer.endSequence();
      writer.endSequence();
      writer.endSequence();
    });

  it("may cut a message anywhere", async () => {
    const message = search(3);
    for (let cut = 1; cut < message.length; cut++) {
      const socket = await open();
      socket.write(message.subarray(0, cut));
      socket.write(message.subarray(cut));
      const [reply] = await once(socket, "data");
      expect([cut, resultCodeOf(reply)]).toEqual([cut, 0]);
      socket.destroy();
    }
  });

  it("may carry several messages at once", async () => {
    const socket = await open();
    socket.write(Buffer.concat([search(1), search(2), search(3)]));
    let received = Buffer.alloc(0);
    while (received.length < 3 * 14) received = Buffer.concat([received, (await once(socket, "data"))[0]]);
    expect([received[4], received[18], received[32]]).toEqual([1, 2, 3]);
  });

  it.each([
    ["HTTP", Buffer.from("GET / HTTP/1.1\r\n\r\n")],
    ["an announced length of 4 gigabytes", Buffer.from([0x30, 0x84, 0xff, 0xff, 0xff, 0xff])],
    ["an announced length above the limit", Buffer.from([0x30, 0x83, 0x04, 0x00, 0x00])],
    ["an indefinite length", Buffer.from([0x30, 0x80])],
    ["an operation that does not exist", Buffer.from([0x30, 0x05, 0x02, 0x01, 0x01, 0x7f, 0x00])],
    ["a search that ends too early", Buffer.from([0x30, 0x05, 0x02, 0x01, 0x01, 0x63, 0x00])],
    ["filters nested 60,000 deep", deeplyNested(60_000)],
  ])("ends when the client sends %s, and the server goes on", async (_what, message) => {
    const socket = await open();
    socket.on("error", () => undefined);
    socket.write(message);
    await once(socket, "close");
    const { searchEntries } = await client.search(BASE, { filter: "(nhsIDCode=A0001)" });
    expect(searchEntries).toHaveLength(1);
  });

  it("survives every message in which one byte is wrong", async () => {
    const message = search(3);
    for (let at = 0; at < message.length; at++) {
      const socket = await open();
      socket.on("error", () => undefined);
      const wrong = Buffer.from(message);
      wrong[at] = (wrong[at] ?? 0) ^ 0xff;
      // The end of the client's side ends the wait for more of a message that has become longer.
      socket.end(wrong);
      socket.resume();
      await once(socket, "close");
    }
    const { searchEntries } = await client.search(BASE, { filter: "(nhsIDCode=A0001)" });
    expect(searchEntries).toHaveLength(1);
  });
});

async function open(): Promise<Socket> {
  const socket = connect(Number(new URL(server.url).port), "127.0.0.1");
  raw.push(socket);
  await once(socket, "connect");
  return socket;
}

async function exchange(message: Buffer): Promise<Buffer> {
  const socket = await open();
  socket.write(message);
  const [reply] = await once(socket, "data");
  return reply;
}

function bytes(write: (writer: BerWriter) => void): Buffer {
  const writer = new BerWriter();
  write(writer);
  return writer.buffer;
}

/** The result code of a short response: `30 len 02 01 id tag len 0a 01 code …`. */
function resultCodeOf(reply: Buffer): number | undefined {
  return reply[9];
}

function deeplyNested(depth: number): Buffer {
  // Each `not` says that it holds 127 bytes.
  const nesting = Buffer.alloc(depth * 2).fill(Buffer.from([0xa2, 0x7f]));
  const head = bytes((writer) => {
    writer.writeInt(1);
  });
  const search = bytes((writer) => {
    writer.writeString(BASE);
    writer.writeEnumeration(2);
    writer.writeEnumeration(0);
    writer.writeInt(0);
    writer.writeInt(0);
    writer.writeBoolean(false);
  });
  const content = Buffer.concat([search, nesting]);
  const operation = Buffer.concat([Buffer.from([0x63]), lengthOf(content.length), content]);
  const message = Buffer.concat([head, operation]);
  return Buffer.concat([Buffer.from([0x30]), lengthOf(message.length), message]);
}

function lengthOf(length: number): Buffer {
  return Buffer.from([0x83, length >> 16, (length >> 8) & 0xff, length & 0xff]);
}
