import type { Intent } from "../../src/commands/command-intent.js";
import { CommandStore, type CommandStoreOptions } from "../../src/commands/command-store.js";
import type { AuditEvent } from "../../src/platform/audit/index.js";
import { BadUserInputError, UpstreamError } from "../../src/platform/errors.js";
import { type AuditEntry, type IntentStore, StoreKeys } from "../../src/platform/store/index.js";
import { recordingTrail, TestClock } from "../support/call-context.js";
import { createMemoryIntentStore, TEST_STORE_KEYS } from "../support/memory-intent-store.js";
import { claimedAs, claimIn, replaceIn, SENT_AT, sendingIntent, unknownIntent } from "./intents.js";

const DAY_MS = 24 * 60 * 60 * 1000;
const RELEASED = [{ at: SENT_AT, end: "expired" }] as const;
const created = { odsCode: "T81001", appointmentId: "appointment 1" };
const doneWith = (result: unknown, facts: Partial<Intent> = {}) =>
  unknownIntent({ sends: RELEASED, ...(facts as object), state: { name: "done", result } });

let clock: TestClock;
let entries: IntentStore;
let events: AuditEvent[];
const storeWith = (options: Partial<CommandStoreOptions> = {}) =>
  new CommandStore({ store: entries, keys: TEST_STORE_KEYS, clock, ...options });
const audited = () => storeWith({ audit: { trailFor: () => recordingTrail(events) } });
let commands: CommandStore;
beforeEach(() => {
  clock = new TestClock();
  entries = createMemoryIntentStore(clock);
  events = [];
  commands = storeWith();
});

describe("what finds an intent", () => {
  test("the same key of another organisation, or for another command, is another key", () => {
    const keys = [
      commands.keyFor("book", "T82000", "k"),
      commands.keyFor("cancel", "T82000", "k"),
      commands.keyFor("book", "T83000", "k"),
      commands.keyFor("book", "T82000", "l"),
      // Nothing runs together.
      commands.keyFor("book", "T82000k", ""),
      commands.contentOf(["book", "T82000", "k"]),
      commands.contentOf(["k", "book", "T82000"]),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(storeWith().keyFor("book", "T82000", "k")).toBe(keys[0]);
    expect(storeWith().contentOf(["book", "T82000", "k"])).toBe(keys[5]);
    for (const key of keys) expect(key).not.toMatch(/T82000|book/);
  });

  test("is hashed with the key of the store, and for intents only", () => {
    const other = storeWith({ keys: new StoreKeys("another data key") });
    expect(other.keyFor("book", "T82000", "k")).not.toBe(commands.keyFor("book", "T82000", "k"));
    expect(other.contentOf(["c"])).not.toBe(commands.contentOf(["c"]));
    // The hash says what it is of, so that a value hashed elsewhere never equals one of these.
    expect(commands.keyFor("book", "T82000", "k")).toBe(
      TEST_STORE_KEYS.hash("intent", "key", "book", "T82000", "k"),
    );
    expect(commands.contentOf(["c"])).toBe(TEST_STORE_KEYS.hash("intent", "content", "c"));
  });
});

describe("a claim", () => {
  test("stores the intent, to be read again as it was", async () => {
    const intent = sendingIntent(SENT_AT + 37_000, { resources: ["slot 1"] });
    expect(await commands.claim("k", intent)).toEqual({
      kind: "claimed",
      claimed: claimedAs(intent, "k", expect.any(Number)),
    });
    expect(await commands.get("k")).toEqual({
      key: "k",
      revision: expect.any(Number),
      intent: expect.objectContaining(intent),
    });
    expect(await commands.get("another")).toBeUndefined();
  });

  test("of a bound key returns what it is bound to, and changes nothing", async () => {
    const first = unknownIntent({ content: "first" });
    const { revision } = await claimIn(commands, "k", first);
    expect(await commands.claim("k", unknownIntent({ content: "second" }))).toEqual({
      kind: "taken",
      by: { key: "k", revision, intent: expect.objectContaining(first) },
    });
    expect((await commands.get("k"))?.intent.content).toBe("first");
  });

  test("of a key that was freed is no earlier claim: a change that is based on that one changes nothing", async () => {
    const first = await claimIn(commands, "k", unknownIntent({ content: "first" }));
    await commands.remove(first);
    const again = await claimIn(commands, "k", unknownIntent({ content: "second" }));
    expect(await commands.replace(first, { ...first.intent, state: { name: "absent" } })).toEqual({
      kind: "stale",
    });
    expect(await commands.remove(first)).toBe(false);
    expect(await commands.get("k")).toEqual({ ...again, intent: expect.objectContaining(again.intent) });
  });

  test("fails for a slot that another command may still book, and binds no key", async () => {
    await claimIn(commands, "k", unknownIntent({ resources: ["slot 1", "slot 2"] }));
    expect(await commands.claim("l", unknownIntent({ resources: ["slot 3", "slot 2"] }))).toEqual({
      kind: "conflict",
    });
    expect(await commands.get("l")).toBeUndefined();
    expect(await commands.claim("l", unknownIntent({ resources: ["slot 3"] }))).toMatchObject({
      kind: "claimed",
    });
  });

  test("stores nothing that can be read: neither content nor caller nor slots", async () => {
    const claim = jest.spyOn(entries, "claim");
    await claimIn(commands, "k", unknownIntent({ resources: ["slot 1", "slot 2"] }));
    const [key, entry] = claim.mock.calls[0] ?? [];
    expect(key).toBe("k");
    expect(entry).toStrictEqual({
      text: expect.any(String),
      open: true,
      expiresAt: SENT_AT + 30 * DAY_MS,
      slotClaims: [
        TEST_STORE_KEYS.hash("intent", "resource", "slot 1"),
        TEST_STORE_KEYS.hash("intent", "resource", "slot 2"),
      ],
    });
    expect(entry?.text).not.toMatch(/book|Lindqvist|slot|sign-in/);
  });

  test("opens the record of the command in the same transaction, and keeps which one", async () => {
    const claim = jest.spyOn(entries, "claim");
    const result = await audited().claim("k", sendingIntent(0), recordingTrail(events));
    expect(result).toMatchObject({ kind: "claimed", claimed: { intent: { attempt: "attempt-1" } } });
    expect(claim.mock.calls[0]?.[2]).toEqual([
      expect.objectContaining({ attempt: "attempt-1", phase: "opened" }),
    ]);
    expect((await commands.get("k"))?.intent.attempt).toBe("attempt-1");
  });
});

describe("an intent is kept", () => {
  test("until the configured time after its last change, and is gone at its end", async () => {
    commands = storeWith({ keepMs: 1_000 });
    const claimed = await claimIn(commands, "k", unknownIntent());
    clock.advance(600);
    await replaceIn(commands, claimed, {});
    clock.advance(999);
    expect(await commands.get("k")).toBeDefined();
    clock.advance(1);
    expect(await commands.get("k")).toBeUndefined();
    expect(await commands.open()).toEqual([]);
  });

  test("for 30 days unless configured", async () => {
    await claimIn(commands, "k", unknownIntent());
    clock.advance(30 * DAY_MS - 1);
    expect(await commands.get("k")).toBeDefined();
    clock.advance(1);
    expect(await commands.get("k")).toBeUndefined();
  });
});

describe("a replacement", () => {
  test("changes the intent and counts the change", async () => {
    const first = await claimIn(commands, "k", unknownIntent());
    const intent = doneWith({ words: "it stands" });
    expect(await commands.replace(first, intent)).toEqual({
      kind: "claimed",
      claimed: { key: "k", revision: 2, intent },
    });
    expect(await commands.get("k")).toEqual({
      key: "k",
      revision: 2,
      intent: expect.objectContaining(intent),
    });
  });

  test("of what another process has changed is stale, and changes nothing", async () => {
    const first = await claimIn(commands, "k", unknownIntent());
    await replaceIn(commands, first, { content: "newer" });
    expect(await commands.replace(first, unknownIntent({ content: "older" }))).toEqual({ kind: "stale" });
    expect(await commands.get("k")).toMatchObject({ revision: 2, intent: { content: "newer" } });
  });

  test("fails when it sends again for a slot that another command has claimed meanwhile", async () => {
    const claimed = await claimIn(commands, "k", unknownIntent({ resources: ["slot 1"] }));
    const absent = await replaceIn(commands, claimed, { state: { name: "absent" } });
    await claimIn(commands, "l", unknownIntent({ resources: ["slot 1"] }));
    const resent = sendingIntent(0, { resources: ["slot 1"] });
    expect(await commands.replace(absent, resent)).toEqual({ kind: "conflict" });
    expect((await commands.get("k"))?.intent.state).toEqual({ name: "absent" });
  });

  test.each<[string, boolean, Partial<Intent>]>([
    ["is carried out, and may be once more", false, { state: { name: "done", result: {} } }],
    ["is carried out", true, { state: { name: "done", result: {} }, sends: RELEASED }],
    ["is absent", true, { state: { name: "absent" } }],
    ["stays unknown", false, {}],
  ])("a command that %s gives its slots free: %s", async (_, isFree, facts) => {
    const claimed = await claimIn(commands, "k", unknownIntent({ resources: ["slot 1"] }));
    await replaceIn(commands, claimed, facts as object);
    const other = await commands.claim("l", unknownIntent({ resources: ["slot 1"] }));
    expect(other.kind).toBe(isFree ? "claimed" : "conflict");
    expect(await commands.open()).toHaveLength(1);
  });

  test("stores its audit entries and those given with it, in that order", async () => {
    const replace = jest.spyOn(entries, "replace").mockResolvedValue({ kind: "replaced" });
    const more = { attempt: "another" } as AuditEntry;
    const claimed = claimedAs(unknownIntent({ attempt: "attempt-7" }));

    const saved = await audited().replace(claimed, doneWith({}, { attempt: "attempt-7" }), undefined, [more]);

    expect(replace).toHaveBeenCalledWith("k", 1, expect.anything(), [
      expect.objectContaining({ attempt: "attempt-7", phase: "closed" }),
      more,
    ]);
    expect(saved).toMatchObject({ kind: "claimed", claimed: { intent: { attempt: undefined } } });
    await commands.replace(claimed, doneWith({}));
    expect(replace.mock.lastCall?.[3]).toEqual([]);
  });

  test("opens the record of a command that is sent again", async () => {
    const replace = jest.spyOn(entries, "replace").mockResolvedValue({ kind: "replaced" });
    await audited().replace(claimedAs(unknownIntent()), sendingIntent(0), recordingTrail(events));
    expect(replace.mock.lastCall?.[3]).toEqual([expect.objectContaining({ phase: "opened" })]);
  });
});

describe("a freed key", () => {
  test("is gone, and its slots are free", async () => {
    const claimed = await claimIn(commands, "k", unknownIntent({ resources: ["slot 1"] }));
    expect(await commands.remove(claimed)).toBe(true);
    expect(await commands.get("k")).toBeUndefined();
    expect(await commands.claim("l", unknownIntent({ resources: ["slot 1"] }))).toMatchObject({
      kind: "claimed",
    });
  });

  test("stays bound when another process has changed the intent", async () => {
    const claimed = await claimIn(commands, "k", unknownIntent());
    await replaceIn(commands, claimed, {});
    expect(await commands.remove(claimed)).toBe(false);
    expect(await commands.get("k")).toMatchObject({ revision: 2 });
  });

  test("closes the record of the command as not carried out, in the same transaction", async () => {
    const remove = jest.spyOn(entries, "remove").mockResolvedValue(true);
    await audited().remove(claimedAs(sendingIntent(0, { attempt: "attempt-7" }), "k", 3));
    expect(remove).toHaveBeenCalledWith("k", 3, [
      expect.objectContaining({ attempt: "attempt-7", phase: "closed", outcome: "FAILED" }),
    ]);
    expect(events).toEqual([expect.objectContaining({ reason: "NOT_CARRIED_OUT" })]);
  });
});

describe("what is open", () => {
  test("is every intent that needs reconciliation, and no other", async () => {
    const unknown = await claimIn(commands, "unknown", unknownIntent({ content: "1" }));
    const sending = await claimIn(commands, "sending", sendingIntent(0, { content: "2" }));
    await claimIn(commands, "done", doneWith({}));
    const open = await commands.open();
    expect(open.sort((one, two) => two.key.localeCompare(one.key))).toEqual([
      { key: "unknown", revision: unknown.revision, intent: expect.objectContaining(unknown.intent) },
      { key: "sending", revision: sending.revision, intent: expect.objectContaining(sending.intent) },
    ]);
  });
});

describe("an entry that this release did not seal for its key", () => {
  const rewrite =
    (by: number, keys = TEST_STORE_KEYS) =>
    async () => {
      const entry = await entries.get("good");
      const stored = JSON.parse(TEST_STORE_KEYS.cipher("intents").open(entry?.text ?? "", "good") ?? "{}");
      return keys.cipher("intents").seal(JSON.stringify({ ...stored, shape: stored.shape + by }), "bad");
    };
  const cases: [string, () => Promise<string>][] = [
    ["of an older shape", rewrite(-1)],
    ["of a newer shape", rewrite(1)],
    ["without a shape", async () => TEST_STORE_KEYS.cipher("intents").seal("{}", "bad")],
    ["sealed with a key that is gone", rewrite(0, new StoreKeys("another data key"))],
    ["copied from another key", async () => (await entries.get("good"))?.text ?? ""],
    ["that is no sealed text", async () => "nonsense"],
  ];
  const putBad = async (text: () => Promise<string>) => {
    await claimIn(commands, "good", unknownIntent());
    const bad = { text: await text(), open: true, expiresAt: SENT_AT + DAY_MS, slotClaims: [] };
    await entries.claim("bad", bad);
  };

  test.each(cases)("(%s) is left out of what is open", async (_, text) => {
    await putBad(text);
    expect(await commands.open()).toEqual([expect.objectContaining({ key: "good" })]);
  });

  test.each(cases)("(%s) is an error that can pass, wherever its key is needed", async (_, text) => {
    await putBad(text);
    const unavailable = { service: "STORE", reason: "STORE_UNAVAILABLE", retryable: true };
    await expect(commands.get("bad")).rejects.toMatchObject({
      ...unavailable,
      cause: new Error("an intent cannot be opened"),
    });
    await expect(commands.claim("bad", unknownIntent())).rejects.toMatchObject(unavailable);
  });

  test("an entry of the same shape can be read, so that the others fail for their shape", async () => {
    await putBad(rewrite(0));
    expect(await commands.get("bad")).toMatchObject({ key: "bad", intent: unknownIntent() });
  });
});

describe("what a command has created", () => {
  test("is attributed to the first intent that names it", async () => {
    await claimIn(commands, "k", doneWith({ created }));
    await claimIn(commands, "l", doneWith({ created }));
    expect(await commands.ownerOf(created)).toBe("k");
  });

  test("is that of one practice, and one appointment", async () => {
    await claimIn(commands, "k", doneWith({ created }));
    expect(await commands.ownerOf({ ...created, odsCode: "T81002" })).toBeUndefined();
    expect(await commands.ownerOf({ ...created, appointmentId: "appointment 2" })).toBeUndefined();
    expect(
      await commands.ownerOf({ odsCode: created.appointmentId, appointmentId: created.odsCode }),
    ).toBeUndefined();
  });

  test("is attributed once the command is known to have been carried out", async () => {
    const claimed = await claimIn(commands, "k", unknownIntent());
    expect(await commands.ownerOf(created)).toBeUndefined();
    await replaceIn(commands, claimed, { state: { name: "done", result: { created } } });
    expect(await commands.ownerOf(created)).toBe("k");
  });

  test("a refusal creates nothing, whatever it names", async () => {
    const refused = { name: "refused", refusal: { created }, result: { created } } as const;
    await claimIn(commands, "k", unknownIntent({ state: refused }));
    expect(await commands.ownerOf(created)).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ["without anything created", { changed: created }],
    ["with nothing created", { created: undefined }],
    ["of null", null],
    ["of a text", "created"],
    ["of nothing", undefined],
  ])("a result %s owns nothing", async (_, result) => {
    const claim = jest.spyOn(entries, "claim");
    await claimIn(commands, "owner", doneWith({ created }));
    expect(claim.mock.lastCall?.[1].result).toBe(
      TEST_STORE_KEYS.hash("intent", "result", "T81001", "appointment 1"),
    );
    await claimIn(commands, "k", doneWith(result));
    expect(claim.mock.lastCall?.[1]).not.toHaveProperty("result");
  });
});

describe("a store that cannot confirm", () => {
  const requests: [keyof IntentStore, () => Promise<unknown>][] = [
    ["claim", () => commands.claim("k", unknownIntent())],
    ["get", () => commands.get("k")],
    ["replace", () => commands.replace(claimedAs(unknownIntent()), unknownIntent())],
    ["remove", () => commands.remove(claimedAs(unknownIntent()))],
    ["open", () => commands.open()],
    ["ownerOf", () => commands.ownerOf(created)],
  ];

  test.each(requests)("%s: refuses the command with an error that can pass", async (method, request) => {
    const cause = new Error("the disk is full");
    jest.spyOn(entries, method).mockRejectedValue(cause);
    const error = await request().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error).toMatchObject({
      service: "STORE",
      code: "UPSTREAM_UNAVAILABLE",
      reason: "STORE_UNAVAILABLE",
      retryable: true,
      cause,
    });
  });

  test.each(requests)("%s: an error of the store's own words is kept", async (method, request) => {
    const own = new BadUserInputError("input", "The store says what is wrong.");
    jest.spyOn(entries, method).mockRejectedValue(own);
    await expect(request()).rejects.toBe(own);
  });
});
