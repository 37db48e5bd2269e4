import {
  claimedResources,
  countSends,
  endSends,
  type IntentState,
  isOpen,
  lastOpenSend,
  type Send,
} from "../../src/commands/command-intent.js";
import { unknownIntent } from "./intents.js";

const open = { at: 3, end: "open" } as const;
const expired = { at: 2, end: "expired" } as const;
const unsent = { at: 1, end: "unsent" } as const;
const intent = (state: IntentState, ...sends: Send[]) =>
  unknownIntent({ state, sends, resources: ["slot 1", "slot 2"] });
const unknown = { name: "unknown", settlesAt: 0 } as const;

describe("the sends of an intent", () => {
  test("the last open send is known by its place and its time", () => {
    expect(lastOpenSend({ sends: [unsent, expired, open] })).toEqual({ index: 2, at: 3 });
    expect(lastOpenSend({ sends: [open, expired] })).toEqual({ index: 0, at: 3 });
    expect(lastOpenSend({ sends: [open, { at: 9, end: "open" }, unsent] })).toEqual({ index: 1, at: 9 });
  });

  test("there is none when all have ended, and none when nothing was sent", () => {
    expect(lastOpenSend({ sends: [expired, unsent] })).toBeUndefined();
    expect(lastOpenSend({ sends: [] })).toBeUndefined();
  });

  test("what provably never reached the practice is not counted", () => {
    expect(countSends({ sends: [unsent, expired, open, unsent] })).toBe(2);
    expect(countSends({ sends: [unsent] })).toBe(0);
  });

  test("ending them changes the open one only, and leaves the given intent as it is", () => {
    const before = intent(unknown, unsent, expired, open);
    expect(endSends(before)).toEqual({ ...before, sends: [unsent, expired, { at: 3, end: "expired" }] });
    expect(endSends(before, "unsent").sends).toEqual([unsent, expired, { at: 3, end: "unsent" }]);
    expect(before.sends).toEqual([unsent, expired, open]);
  });
});

describe("an intent whose outcome still has to be reconciled", () => {
  test.each<[string, boolean, IntentState, Send]>([
    ["is sent", true, { name: "sending", until: 0 }, open],
    ["has an unknown outcome", true, unknown, open],
    ["has an unknown outcome after its send has ended", true, unknown, expired],
    ["may still be found out", true, { ...unknown, forGood: false }, open],
    ["has an outcome that nobody can find out", false, { ...unknown, forGood: true }, open],
    ["was carried out and may be so again", true, { name: "done", result: {} }, open],
    ["was carried out for good", false, { name: "done", result: {} }, expired],
    ["was refused", false, { name: "refused", refusal: {} }, open],
    ["is absent", false, { name: "absent" }, open],
  ])("a command that %s: %s", (_, expected, state, send) => {
    const given = intent(state, send);
    expect(isOpen(given)).toBe(expected);
    // Nothing else may be sent for its resources meanwhile; afterwards anything may.
    expect(claimedResources(given)).toEqual(expected ? ["slot 1", "slot 2"] : []);
  });
});
