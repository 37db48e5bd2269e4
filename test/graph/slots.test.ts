import { createGraphHarness, HARNESS_PRACTICE } from "../support/graph-harness.js";

interface SlotsAnswer {
  readonly practice: { readonly freeSlots: readonly { readonly start: string }[] };
}

test("free slots of the two weeks to come cost one look-up and one call to the practice", async () => {
  const harness = createGraphHarness();
  const { data, errors } = await harness.run<SlotsAnswer>(
    `query ($odsCode: ID!) { practice(odsCode: $odsCode) { freeSlots { start } } }`,
    { odsCode: HARNESS_PRACTICE },
  );
  expect(errors).toEqual([]);
  expect(data.practice.freeSlots).toHaveLength(14);
  expect(harness.counts()).toEqual({ "directory.lookUp": 1, "gpConnect.searchFreeSlots": 1 });
});
