import type { Slot } from "../../src/domain/slot.js";
import { createGraphHarness, harnessSlot } from "../support/graph-harness.js";

const QUERY = `{ practice(odsCode: "T81001") { freeSlots {
  practitioner { name role { code } } practitionerRole { code }
  practitioners { name role { code } } practitionerRoles { code } } } }`;

async function slotWith(facts: Partial<Slot>) {
  const harness = createGraphHarness({
    gpConnect: {
      searchFreeSlots: async (_practice, { start }) => ({
        slots: [harnessSlot(Date.parse(start) + 3_600_000, facts)],
      }),
    },
  });
  const { data, errors } = await harness.run<{ practice: { freeSlots: unknown[] } }>(QUERY);
  expect(errors).toEqual([]);
  return data.practice.freeSlots[0];
}

const doctor = { id: "1", name: { family: "Example", given: ["Ada"], prefix: ["Dr"], suffix: [] } };
const nurse = { id: "2", name: { family: "Sample", given: ["Bo"], prefix: [], suffix: [] } };
const gp = { code: "R0260" };
const practiceNurse = { code: "R0600" };

test("a slot with several practitioners and roles lists all, and assigns no role by chance", async () => {
  const slot = await slotWith({
    practitioner: doctor,
    practitioners: [doctor, nurse],
    practitionerRole: gp,
    practitionerRoles: [gp, practiceNurse],
  });

  expect(slot).toMatchObject({
    practitioner: { name: "Dr Ada EXAMPLE" },
    practitioners: [
      { name: "Dr Ada EXAMPLE", role: null },
      { name: "Bo SAMPLE", role: null },
    ],
    practitionerRoles: [gp, practiceNurse],
  });
});

test("a slot with one practitioner lists that one with the role of the session", async () => {
  const slot = await slotWith({ practitioner: doctor, practitionerRole: gp });

  expect(slot).toMatchObject({
    practitioner: { role: gp },
    practitioners: [{ name: "Dr Ada EXAMPLE", role: gp }],
    practitionerRoles: [gp],
  });
});

test("a slot of a session without a practitioner has empty lists, not null", async () => {
  expect(await slotWith({})).toEqual({
    practitioner: null,
    practitionerRole: null,
    practitioners: [],
    practitionerRoles: [],
  });
});
