import "./use-demonstrator-like.js";
import { SUITE_PROFILE } from "../support/start-graph.js";
import "../e2e/patient-journeys.e2e.js";

test("the suite patient-journeys runs at practices like the demonstrator", () => {
  expect(SUITE_PROFILE.name).toBe("demonstrator-like");
});
