import "./use-demonstrator-like.js";
import { SUITE_PROFILE } from "../support/start-graph.js";
import "../e2e/write-time-out.e2e.js";

test("the suite write-time-out runs at practices like the demonstrator", () => {
  expect(SUITE_PROFILE.name).toBe("demonstrator-like");
});
