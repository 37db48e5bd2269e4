import { toCommandOrigin, withoutSignIn } from "../../src/commands/command-origin.js";
import { Secret } from "../../src/platform/crypto/secret.js";
import { testCaller, testContext } from "../support/call-context.js";
import { SENT_AT, unknownIntent } from "./intents.js";

const correlationId = "5a4b8f6e-1f7f-4e43-9f37-0d7c1b1d9a01";

describe("the origin of a command", () => {
  test("names the key, the caller and the journey, and nothing that the call does not have", () => {
    expect(toCommandOrigin("the caller's own key", testContext())).toStrictEqual({
      handle: "the caller's own key",
      caller: testCaller,
      correlationId,
    });
  });

  test("keeps the span of the operation and the caller's sign-in in the clear, to be sealed with the intent", () => {
    const span = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331" };
    const call = testContext({ span, idToken: new Secret("a sign-in") });
    expect(toCommandOrigin("h", call)).toStrictEqual({
      handle: "h",
      caller: testCaller,
      correlationId,
      span,
      idToken: "a sign-in",
    });
  });
});

describe("an intent without its sign-in", () => {
  test("holds everything else", () => {
    const intent = unknownIntent({ attempt: "attempt-1", resources: ["a slot"] });
    const { idToken, ...others } = intent.details;
    expect(idToken).toBe("a sign-in");
    expect(JSON.parse(JSON.stringify(withoutSignIn(intent)))).toStrictEqual(
      JSON.parse(JSON.stringify({ ...intent, details: others })),
    );
  });

  test("leaves the given intent as it is", () => {
    const intent = unknownIntent();
    withoutSignIn(intent);
    expect(intent.details.idToken).toBe("a sign-in");
    expect(intent.sends).toEqual([{ at: SENT_AT, end: "open" }]);
  });
});
