import { requireNoStoredError, toStoredError } from "../../src/commands/stored-error.js";
import { UpstreamError } from "../../src/platform/errors.js";

const details = {
  service: "PROVIDER",
  code: "UPSTREAM_BAD_RESPONSE",
  retryable: false,
  reason: "NOT_ON_GP_CONNECT",
} as const;

describe("an error that is stored under a key", () => {
  test("is replayed word for word, after it was written and read as JSON", () => {
    const stored = JSON.parse(
      JSON.stringify(toStoredError(new UpstreamError("The practice refused it.", details))),
    );
    let replayed: unknown;
    try {
      requireNoStoredError(stored);
    } catch (error) {
      replayed = error;
    }
    expect(replayed).toBeInstanceOf(UpstreamError);
    expect(replayed).toMatchObject({ message: "The practice refused it.", ...details });
  });

  test.each([true, false])("keeps whether a retry may succeed: %s", (retryable) => {
    const stored = toStoredError(new UpstreamError("Refused.", { ...details, retryable }));
    expect(() => requireNoStoredError(stored)).toThrow(expect.objectContaining({ retryable }));
  });

  test("holds nothing that is for the audit only", () => {
    const error = new UpstreamError("Refused.", { ...details, httpStatus: 409, outcomeUnknown: true });
    expect(toStoredError(error)).toStrictEqual({ kind: "error", message: "Refused.", details });
  });

  test("a refusal that is an outcome is given back as it is", () => {
    const refusal = { kind: "slot-unavailable", slotIds: ["1"] };
    expect(requireNoStoredError(refusal)).toBe(refusal);
  });
});
