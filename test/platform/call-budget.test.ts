import { CallBudget } from "../../src/platform/resilience/call-budget.js";

test("a call budget allows as many reads as it has, and refuses the next", () => {
  const budget = new CallBudget(2);
  budget.spend("read");
  budget.spend("read");

  expect(() => budget.spend("read")).toThrow(
    expect.objectContaining({ code: "BAD_USER_INPUT", reason: "QUERY_TOO_COSTLY" }),
  );
});

test("a call budget that is spent still allows a write, whose journey must be able to end", () => {
  const budget = new CallBudget(1);
  budget.spend("read");

  expect(() => budget.spend("write")).not.toThrow();
});

test("a write takes its place in a call budget away from the reads after it", () => {
  const budget = new CallBudget(1);
  budget.spend("write");

  expect(() => budget.spend("read")).toThrow("more than 1 upstream calls");
});
