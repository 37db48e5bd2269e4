import type { OdsCode } from "../../src/domain/ods-code.js";
import type { Slot, SlotSearchResponse } from "../../src/domain/slot.js";
import { mergeSlotResponses } from "../../src/domain/slot-search.js";
import { createSlotLoader } from "../../src/loaders/slots.loader.js";

const NOW = Date.parse("2026-11-23T09:00:00Z");
const WEEK_MS = 7 * 24 * 60 * 60 * 1000;
const WEEK = { from: NOW, to: NOW + WEEK_MS };

function slot(id: string, start = "2026-11-24T09:00:00+00:00"): Slot {
  const end = start.replace(":00:00+", ":10:00+");
  return { id, start, end, scheduleId: "s1", location: { id: "l1", addressLines: [] } };
}

describe("unusable entries of several responses", () => {
  const merge = (...responses: SlotSearchResponse[]) =>
    mergeSlotResponses(responses, { range: WEEK, now: NOW });

  test("are added up in one warning", () => {
    const one = { slots: [slot("1")], unusableEntries: 1 };
    expect(merge(one).warnings).toEqual([
      "1 entry of the practice's response could not be used and was left out.",
    ]);
    expect(merge(one, { slots: [slot("2")], unusableEntries: 2 }).warnings).toEqual([
      "3 entries of the practice's response could not be used and were left out.",
    ]);
    expect(merge({ slots: [slot("1")] }).warnings).toEqual([]);
  });
});

describe("a slot search whose responses hold unusable entries", () => {
  const search = (responses: SlotSearchResponse[], more: object = {}) => {
    let call = 0;
    const loader = createSlotLoader(async () => responses[call++] ?? { slots: [] });
    return loader.search({
      odsCode: "T81001" as OdsCode,
      range: { from: NOW, to: NOW + 4 * WEEK_MS },
      now: NOW,
      stopWhenFound: false,
      ...more,
    });
  };
  const stopping = { stopWhenFound: true, first: 3 };

  test.each([{}, stopping])("fails when no slot is left, because there may be some (%j)", async (more) => {
    await expect(search([{ slots: [], unusableEntries: 1 }, { slots: [] }], more)).rejects.toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      service: "PROVIDER",
      reason: "UNUSABLE_ENTRIES",
    });
  });

  test.each([{}, stopping])("gives the slots of all windows when one is left (%j)", async (more) => {
    const result = await search([{ slots: [], unusableEntries: 1 }, { slots: [slot("1")] }], more);
    expect(result.slots.map(({ id }) => id)).toEqual(["1"]);
    expect(result.warnings).toHaveLength(1);
  });

  test("does not fail when a filter withholds the only slot", async () => {
    const filter = { deliveryChannels: ["Video"] };
    const result = await search([{ slots: [slot("1")], unusableEntries: 1 }], { filter });
    expect(result).toMatchObject({ slots: [], withheldTotal: 1 });
  });
});
