import { requireSameContent, type ToKey, toKeyedCommand } from "../../src/commands/command-key.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import { BadUserInputError } from "../../src/platform/errors.js";
import { TestClock, testCaller, testContext } from "../support/call-context.js";
import { createTestCoordinator } from "../support/test-coordinator.js";
import { claimedAs, unknownIntent } from "./intents.js";

const clock = new TestClock();
const commands = createTestCoordinator({ clock });
const context = { commands, call: testContext(), clock };
const toKey = (facts: Partial<ToKey> = {}, kind = "book", given = context) =>
  toKeyedCommand(kind, { given: "a key", content: ["one", "two"], ...facts }, given);

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error("nothing was thrown");
}

describe("the key of a command", () => {
  test("is the caller's own when they gave one", () => {
    expect(toKey({ given: " as it is " })).toStrictEqual({
      handle: " as it is ",
      isGiven: true,
      key: commands.store.keyFor("book", "T82000", " as it is "),
      content: commands.store.contentOf(["one", "two"]),
    });
  });

  test("is a new one for each command that came without", () => {
    const [first, second] = [toKey({ given: undefined }), toKey({ given: undefined })];
    expect(first).toMatchObject({ handle: "made-1", isGiven: false });
    expect(second).toMatchObject({ handle: "made-2", isGiven: false });
    expect(first.key).toBe(commands.store.keyFor("book", "T82000", "made-1"));
    expect(second.content).toBe(first.content);
  });

  test("belongs to the caller's organisation, and to one kind of command", () => {
    const elsewhere = {
      ...context,
      call: testContext({
        caller: {
          ...testCaller,
          organisation: { ...testCaller.organisation, odsCode: "T83000" as OdsCode },
        },
      }),
    };
    const keys = [toKey(), toKey({}, "cancel"), toKey({}, "book", elsewhere)].map(({ key }) => key);
    expect(new Set(keys).size).toBe(3);
    expect(toKey().key).toBe(keys[0]);
  });

  test("belongs to the scope instead, where the command has one", () => {
    const scoped = toKey({ scope: "patient and practice" });
    expect(scoped.key).toBe(commands.store.keyFor("book", "patient and practice", "a key"));
    expect(scoped.key).not.toBe(toKey().key);
  });

  test("may be 200 characters long", () => {
    const given = "x".repeat(200);
    expect(toKey({ given }).handle).toBe(given);
    expect(toKey({ given: "x" }).handle).toBe("x");
  });

  test.each([
    ["of 201 characters", "x".repeat(201)],
    ["without a character", ""],
    ["of spaces only", " \t "],
  ])("a key %s is refused, and the caller is told which argument is wrong", (_, given) => {
    const error = thrownBy(() => toKey({ given }));
    expect(error).toBeInstanceOf(BadUserInputError);
    expect(error).toMatchObject({
      field: "input.idempotencyKey",
      message: "The idempotency key must not be blank, and at most 200 characters long.",
    });
  });
});

describe("the content under a key", () => {
  const stored = (content: string) => claimedAs(unknownIntent({ content }));

  test("may be requested again", () => {
    const command = toKey();
    expect(() => requireSameContent(stored(command.content), command)).not.toThrow();
  });

  test("other content is refused, and the caller is told which argument is wrong", () => {
    const other = toKey({ content: ["two", "one"] });
    const error = thrownBy(() => requireSameContent(stored(other.content), toKey()));
    expect(error).toBeInstanceOf(BadUserInputError);
    expect(error).toMatchObject({
      field: "input.idempotencyKey",
      message: "This idempotency key was used for something else. Every new request needs a key of its own.",
    });
  });
});
