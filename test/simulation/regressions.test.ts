import { checkHistory } from "./checker/check-history.js";
import { liveStory } from "./live-story.js";
import { planStory } from "./plan.js";

/** Seeds of stories that once broke a promise. */
test.each([
  // Asked again under a key whose create was still on its way, the caller left in the moment before it was sent once more,
  // and was told UPSTREAM_TIMEOUT, "not booked"; then the first create came in.
  ["ci-2", 100],
])("story %s keeps every promise", async (seed, asks) => {
  const { history } = await liveStory(planStory(seed, asks));
  expect(checkHistory(history).violations).toEqual([]);
});
