import { checkHistory } from "./checker/check-history.js";
import { liveStory } from "./live-story.js";
import { planStory } from "./plan.js";

const ASKS = 100;

/** Seeds of stories that broke a promise before something was mended. How stories are made up may not change under them. */
test.each([
  ["of two keys with other words, the appointment was given to whoever looked first", "ci-1"],
  [
    "a store that was gone had it that nothing was sent, though an earlier ask of the key had sent it",
    "ci-2",
  ],
  [
    "of two keys with other words, one had its answer while the other looked whose the appointment is",
    "ci-42",
  ],
  ["the same slots the other way round were taken for another booking in other words", "ci-53"],
  ["the practice's clock being ahead, the state of what had begun there was not found", "ci-81"],
  ["cancelled through us while another key's create for the same booking was on its way", "ci-151"],
  ["an appointment told of to another key, and its own key told that the slot has begun", "ci-259"],
  ["words amended, before it was written down whose appointment it is", "c-14"],
  ["a key that had read another's appointment back took its own create for spent", "c-128"],
  ["a double that nobody owned was given to another key, with other words", "d-219"],
  ["cancelled through us while the other key's first create was on its way", "long-a-79"],
  ["words amended, and then taken for those of whoever looked first", "long-a-498"],
  [
    "the practice cancelled what one key made unseen, and another made it anew in the same words",
    "long-a-5167",
  ],
  ["an answer that the store did not take, twice, and a key that booked anew after a cancellation", "f-2338"],
  ["two keys in the same words, amended since: whoever looks may have it", "c-524"],
])("%s: %s", async (_story, seed) => {
  const { history } = await liveStory(planStory(seed, ASKS));
  expect(checkHistory(history).violations).toEqual([]);
});
