import type { NhsNumber } from "../../src/domain/nhs-number.js";
import { haveSameContent } from "../../src/journeys/book/attribution.js";
import type { ClaimedBooking } from "../../src/journeys/booking-intent.js";
import { testCaller } from "../support/call-context.js";

const details = {
  odsCode: "T81001",
  nhsNumber: "9990000018" as NhsNumber,
  caller: testCaller,
  description: "Review",
  comment: "Ramp needed",
  slots: [{ slotId: "1" }, { slotId: "2" }],
};
const booking = (facts: object = {}) =>
  ({ intent: { details: { ...details, ...facts } } }) as unknown as ClaimedBooking;

test("two bookings with the same content are the same booking, in whichever order the slots are given", () => {
  expect(haveSameContent(booking(), booking({ slots: [{ slotId: "2" }, { slotId: "1" }] }))).toBe(true);
});

test.each<[string, object]>([
  ["for another patient", { nhsNumber: "9990000026" }],
  ["at another practice", { odsCode: "T81002" }],
  [
    "by another organisation",
    { caller: { ...testCaller, organisation: { ...testCaller.organisation, odsCode: "T82001" } } },
  ],
  ["with another description", { description: "Smear test" }],
  ["with another comment", { comment: undefined }],
  ["of another slot", { slots: [{ slotId: "1" }, { slotId: "3" }] }],
  ["of fewer slots", { slots: [{ slotId: "1" }] }],
])(
  "a booking %s is another booking, and an appointment of one is never attributed to the other",
  (_what, facts) => {
    expect(haveSameContent(booking(), booking(facts))).toBe(false);
    expect(haveSameContent(booking(facts), booking())).toBe(false);
  },
);
