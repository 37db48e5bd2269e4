import "./use-demonstrator-like.js";
import { SUITE_PROFILE } from "../support/start-graph.js";
import "../journeys/commands.e2e.js";

test("the suite of the commands runs at practices like the demonstrator", () => {
  expect(SUITE_PROFILE.name).toBe("demonstrator-like");
});
