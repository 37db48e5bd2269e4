import Keyv from "keyv";
import type { Caller } from "../../src/domain/caller.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import { SESSION_MS, Sessions } from "../../src/platform/cache/sessions.js";
import { createKeyring } from "../../src/platform/crypto/keyring.js";
import { TestClock, testCaller } from "../support/call-context.js";

const TEXT = "encounter 9000000009";
const hashKey = createKeyring("a secret that only tests know").derive("sessions");

function setUp(store = new Keyv(), clock = new TestClock()) {
  return { clock, store, sessions: new Sessions({ store, hashKey, clock }) };
}

function callerWith(facts: {
  readonly person?: Partial<Caller["person"]>;
  readonly organisation?: Partial<Caller["organisation"]>;
}): Caller {
  return {
    person: { ...testCaller.person, ...facts.person },
    organisation: { ...testCaller.organisation, ...facts.organisation },
  };
}

test("the same text from the same caller is the same session", async () => {
  const { sessions, clock } = setUp();
  const first = await sessions.open(TEXT, testCaller);
  clock.advance(SESSION_MS - 1);
  expect(await sessions.open(TEXT, testCaller)).toEqual(first);
  expect((await sessions.open("another text", testCaller)).id).not.toBe(first.id);
});

test.each<[string, Caller]>([
  ["person", callerWith({ person: { localId: "user-8b21" } })],
  ["account", callerWith({ person: { subject: "maja@riverside.example" } })],
  ["role", callerWith({ person: { role: { code: "S8000:G8000:R8001" } } })],
  ["role profile", callerWith({ person: { sdsRoleProfileId: "444555666778" } })],
  ["smartcard", callerWith({ person: { sdsUserId: "111222333445" } })],
  ["organisation", callerWith({ organisation: { odsCode: "T82001" as OdsCode } })],
  ["system", callerWith({ organisation: { asid: "200000000116" } })],
])("the same text from another %s is another session", async (_, other) => {
  const { sessions } = setUp();
  const [one, two] = await Promise.all([sessions.open(TEXT, testCaller), sessions.open(TEXT, other)]);
  expect(two.id).not.toBe(one.id);
});

test("the same text from the same person in another role is another session", async () => {
  const { sessions } = setUp();
  const inRole = (code: string) => sessions.open(TEXT, callerWith({ person: { role: { code } } }));
  expect((await inRole("S8000:G8000:R8000")).id).not.toBe((await inRole("S8000:G8000:R8001")).id);
});

test("an end in the past that a store still holds opens a new session", async () => {
  const { sessions, store, clock } = setUp();
  jest.spyOn(store, "get").mockResolvedValue(clock.now() as never);
  expect((await sessions.open(TEXT, testCaller)).endsAt).toBe(clock.now() + SESSION_MS);
});

test("the parts of a caller and a text cannot be confused", async () => {
  const { sessions } = setUp();
  const one = await sessions.open("b", callerWith({ person: { localId: "a" } }));
  const two = await sessions.open("", callerWith({ person: { localId: "ab" } }));
  expect(two.id).not.toBe(one.id);
});

test("a session ends 30 minutes after its first use, however often it is used, and then starts again", async () => {
  const { sessions, clock } = setUp();
  const start = clock.now();
  const first = await sessions.open(TEXT, testCaller);
  expect(first.endsAt).toBe(start + 30 * 60_000);
  for (let minute = 1; minute < 30; minute++) {
    clock.advance(60_000);
    expect(await sessions.open(TEXT, testCaller)).toEqual(first);
  }
  clock.advance(60_000);
  const second = await sessions.open(TEXT, testCaller);
  expect(second.id).not.toBe(first.id);
  expect(second.endsAt).toBe(first.endsAt + 30 * 60_000);
});

test("requests that open a session at the same time get the same one, however slow the store", async () => {
  const store = new Keyv();
  const readings: ((value: never) => void)[] = [];
  jest.spyOn(store, "get").mockImplementation(() => new Promise((resolve) => readings.push(resolve)));
  const { sessions, clock } = setUp(store);
  const opening = Array.from({ length: 10 }, () => sessions.open(TEXT, testCaller));
  for (const answer of readings) {
    answer(undefined as never);
    await new Promise((resolve) => setImmediate(resolve));
    clock.advance(1);
  }
  expect(new Set((await Promise.all(opening)).map(({ id }) => id)).size).toBe(1);
});

test("instances that share a store share sessions", async () => {
  const store = new Keyv();
  const clock = new TestClock();
  const first = await setUp(store, clock).sessions.open(TEXT, testCaller);
  clock.advance(60_000);
  expect(await setUp(store, clock).sessions.open(TEXT, testCaller)).toEqual(first);
});

test("an instance whose clock is ahead cannot extend a session beyond 30 minutes", async () => {
  const store = new Keyv();
  const ahead = new TestClock();
  ahead.advance(5 * 60_000);
  const theirs = await setUp(store, ahead).sessions.open(TEXT, testCaller);
  const clock = new TestClock();
  const ours = await setUp(store, clock).sessions.open(TEXT, testCaller);
  expect(ours.id).toBe(theirs.id);
  expect(ours.endsAt).toBe(clock.now() + SESSION_MS);
});

test("neither the session's id nor its stored entry contains the text or the caller", async () => {
  const shelf = new Map<string, string>();
  const { sessions } = setUp(new Keyv({ store: shelf }));
  const { id } = await sessions.open(TEXT, testCaller);
  const all = JSON.stringify([id, ...shelf]);
  expect(shelf.size).toBe(1);
  expect(all).not.toMatch(/encounter|9000000009|user-7f3a|T82000/);
});

test("a lost store limits sessions to one request, and causes no error", async () => {
  const store = new Keyv();
  jest.spyOn(store, "get").mockRejectedValue(new Error("lost"));
  jest.spyOn(store, "set").mockRejectedValue(new Error("lost"));
  const { sessions, clock } = setUp(store);
  const first = await sessions.open(TEXT, testCaller);
  clock.advance(1);
  expect((await sessions.open(TEXT, testCaller)).id).not.toBe(first.id);
});

test.each(["text", "1e15", null, {}, Number.NaN])(
  "garbage in the store is not a session: %j",
  async (garbage) => {
    const { sessions, store, clock } = setUp();
    jest.spyOn(store, "get").mockResolvedValue(garbage as never);
    expect((await sessions.open(TEXT, testCaller)).endsAt).toBe(clock.now() + SESSION_MS);
  },
);

test("versions that run side by side during an upgrade give a session the same id", async () => {
  const { sessions } = setUp();
  const person = { localId: "user-7f3a", family: "", given: [], prefix: [] };
  const { organisation } = testCaller;
  const { id } = await sessions.open("encounter", { person, organisation });
  expect(id).toBe("1K_RJVkcyw-GgEB5b8qsY9xQLd_KOWYN0tGZwzwJSg8.1795426200000");
});
