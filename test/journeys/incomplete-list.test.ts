import { CommandHarness } from "./command-harness.js";

describe("a booking with a lost response, when the list of appointments may lack entries", () => {
  const incomplete = {
    warnings: ["The practice says that its response may be incomplete."],
    isComplete: false,
  };

  test("is not sent again, because nothing shows it absent", async () => {
    const harness = new CommandHarness();
    harness.practice.listFacts = incomplete;
    harness.practice.next("createAppointment", "lost-before");
    expect(await harness.book()).toMatchObject({ kind: "outcome-unknown" });
    expect(harness.calls.filter((call) => call === "createAppointment")).toHaveLength(1);
  });

  test("is recovered when the list holds it", async () => {
    const harness = new CommandHarness();
    harness.practice.listFacts = incomplete;
    harness.practice.next("createAppointment", "lost-after");
    expect(await harness.book()).toMatchObject({ kind: "booked", recovered: true });
  });
});
