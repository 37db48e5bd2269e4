import { createAttemptId } from "../../src/platform/audit/attempt-id.js";

test("attempt ids are UUIDs of version 7 in the order of time, each of its own", () => {
  const now = Date.parse("2026-11-28T09:00:00Z");
  const ids = Array.from({ length: 100 }, (_, index) => createAttemptId(now + index));
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(Array.from({ length: 100 }, () => createAttemptId(now))).size).toBe(100);
});
