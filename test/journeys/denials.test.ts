import type { Caller } from "../../src/domain/caller.js";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import {
  denyAnyPracticeCall,
  denyInvalidated,
  denyUnverified,
  requireNhsNumber,
  requireRelationship,
  requireSearchPermission,
  throwIfDenied,
} from "../../src/journeys/gates.js";
import type { JourneyContext } from "../../src/journeys/journey-context.js";
import { TestClock, testCaller, testContext } from "../support/call-context.js";
import { harnessPatient } from "../support/graph-harness.js";

const PATIENT = "9990000018" as NhsNumber;
const OTHER = "9990000026" as NhsNumber;
const clock = new TestClock();

function contextOf(patients?: readonly NhsNumber[]) {
  const caller: Caller = { ...testCaller, ...(patients && { patients }) };
  const call = { ...testContext(), caller };
  return { context: { call, clock, nhsNumberRules: {} } as unknown as JourneyContext, events: call.events };
}
const record = (facts: object = {}) => harnessPatient(PATIENT, clock.now(), facts);

test("a caller whose token names patients may not search, and hears so", () => {
  const { context, events } = contextOf([PATIENT]);

  expect(() => requireSearchPermission(context)).toThrow(
    expect.objectContaining({
      code: "FORBIDDEN",
      reason: "NO_PERMISSION",
      message: "You may not search for patients.",
    }),
  );
  expect(events).toEqual([
    expect.objectContaining({ operation: "gate", outcome: "BLOCKED", gate: "G2", reason: "NO_PERMISSION" }),
  ]);
});

test("a caller whose token names no patients may search", () => {
  const { context, events } = contextOf();

  expect(() => requireSearchPermission(context)).not.toThrow();
  expect(events).toEqual([]);
});

test("a caller hears that a patient may not be queried", async () => {
  const { context } = contextOf([PATIENT]);

  await expect(requireRelationship(PATIENT, context)).resolves.toBeUndefined();
  await expect(requireRelationship(OTHER, context)).rejects.toThrow("You may not query this patient.");
});

test("a caller hears what is wrong with an NHS number", async () => {
  const { context } = contextOf();

  await expect(requireNhsNumber("9990000019", "nhsNumber", context)).rejects.toThrow(
    "The NHS number must be ten digits with a valid check digit.",
  );
});

describe("what a caller is told when a gate is closed", () => {
  test.each<[string, (context: JourneyContext) => unknown, RegExp]>([
    ["NHS_NUMBER_INVALID", (context) => denyInvalidated(PATIENT, context), /has been withdrawn/],
    [
      "NOT_VERIFIED",
      (context) => denyUnverified({ record: record() }, context),
      /date of birth or name must be given/,
    ],
    [
      "NOT_VERIFIED",
      (context) => denyAnyPracticeCall({ record: record(), known: { birthDate: "1999-01-01" } }, context),
      /does not belong to the details/,
    ],
    [
      "TRACE_TOO_OLD",
      (context) => denyAnyPracticeCall({ record: record({ tracedAt: 0 }) }, context),
      /too old to be relied on/,
    ],
    [
      "DECEASED",
      (context) => denyAnyPracticeCall({ record: record({ deceased: true }) }, context),
      /having died/,
    ],
    [
      "ACCESS_NOT_AVAILABLE",
      (context) => denyAnyPracticeCall({ record: record({ confidentiality: "R" }) }, context),
      /^Access is not available for this patient at the moment\.$/,
    ],
  ])("%s", (reason, deny, words) => {
    expect(deny(contextOf().context)).toEqual({ reason, message: expect.stringMatching(words) });
  });

  test("is the reason and the message of the error", () => {
    expect(() => throwIfDenied({ reason: "DECEASED", message: "words" })).toThrow(
      expect.objectContaining({ code: "FORBIDDEN", reason: "DECEASED", message: "words" }),
    );
    expect(() => throwIfDenied(undefined)).not.toThrow();
  });
});
