import type { SlotSearchResponse } from "../../../src/domain/slot.js";
import { testContext } from "../../support/call-context.js";
import { sendJson } from "../../support/local-server.js";
import * as wire from "./resources.js";
import { failureOf, PRACTICE, startProxy, type TestProxy } from "./support.js";

const NINE = "2026-11-24T09:00:00+00:00";
const TEN_PAST = "2026-11-24T09:10:00+00:00";
const TWENTY_PAST = "2026-11-24T09:20:00+00:00";

const twoSlots = [
  wire.slot("1", NINE, TEN_PAST),
  wire.slot("2", TEN_PAST, TWENTY_PAST),
  wire.schedule(),
  wire.practitioner,
  wire.location,
  wire.organisation,
];

function oddSlot(more: wire.Resource): wire.Resource {
  return wire.slot("9", NINE, TEN_PAST, more);
}

function ofSchedule(id: string): wire.Resource {
  return oddSlot({ schedule: { reference: `Schedule/${id}` } });
}

describe("a slot search", () => {
  let proxy: TestProxy;
  beforeAll(async () => {
    proxy = await startProxy();
  });
  afterAll(() => proxy.close());

  function search(answer: wire.Resource): Promise<SlotSearchResponse> {
    proxy.answerWith((_request, response) => sendJson(response, 200, answer));
    const window = { start: "2026-11-23T09:00:00+00:00", end: "2026-12-07T08:59:59+00:00" };
    return proxy.client.searchFreeSlots(PRACTICE, window, testContext());
  }

  // Proves GPC-AMUS-BPA-1/2, GPC-AMUS-BPA-1/5, GPC-AMUS-BPA-1/6, CONS-AppointmentsAPITest2,
  // CONS-AppointmentsAPITest3.
  it("joins slot, schedule, location and practitioner", async () => {
    const { slots, organisation } = await search(wire.bundle(...twoSlots));
    expect(slots.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(slots[0]).toEqual({
      id: "1",
      start: NINE,
      end: TEN_PAST,
      scheduleId: "s1",
      deliveryChannel: "Telephone",
      serviceType: "Ear check",
      scheduleType: "Morning session",
      practitionerRole: {
        system: "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-SDSJobRoleName-1",
        code: "R9999",
        display: "Community Astronomer",
      },
      practitionerRoles: [slots[0]?.practitionerRole],
      practitioner: {
        id: "p1",
        name: {
          family: "Okonjo",
          given: ["Ada"],
          prefix: ["Dr"],
          suffix: [],
          use: undefined,
          period: undefined,
        },
        gender: "female",
      },
      practitioners: [slots[0]?.practitioner],
      location: {
        id: "l1",
        name: "Willow Lane Branch",
        addressLines: ["4 Willow Lane", "Upper Testing", "Averdale"],
        postalCode: "XX20 1ZZ",
        phone: "01632 960001",
      },
    });
    expect(organisation).toEqual({
      odsCode: "T81001",
      name: "Willow Lane Surgery",
      addressLines: ["1 Willow Lane", "Averdale", "Testshire"],
      postalCode: "XX20 1ZA",
      phone: "01632 960000",
    });
  });

  // Proves HAZ-11.
  it("gives the same slots for every order of entries, actors and extensions", async () => {
    const expected = await search(wire.bundle(...twoSlots));
    for (let seed = 1; seed <= 40; seed++) {
      const random = seededRandom(seed);
      const shuffled = shuffle(twoSlots, random).map((resource) => ({
        ...resource,
        ...(Array.isArray(resource.actor) ? { actor: shuffle(resource.actor, random) } : {}),
        ...(Array.isArray(resource.extension) ? { extension: shuffle(resource.extension, random) } : {}),
      }));
      expect(await search(wire.bundle(...shuffled))).toEqual(expected);
    }
  });

  // Proves CONS-AppointmentsAPITest1, SUMMER-TIME-SCREEN, 1.9/2, HAZ-WRONG-TIME.
  it.each([
    ["winter", "2026-11-24T09:00:00+00:00", "2026-11-24T09:10:00+00:00"],
    ["summer", "2027-07-01T15:00:00+01:00", "2027-07-01T15:10:00+01:00"],
    ["the hour that comes twice, first time", "2027-10-31T01:30:00+01:00", "2027-10-31T01:40:00+01:00"],
    ["the hour that comes twice, second time", "2027-10-31T01:30:00+00:00", "2027-10-31T01:40:00+00:00"],
    ["an offset that is wrong for the date", "2027-03-27T09:00:00+01:00", "2027-03-27T09:10:00+01:00"],
  ])("keeps the strings of the practice: %s", async (_name, start, end) => {
    const { slots } = await search(
      wire.bundle(wire.slot("1", start, end), wire.schedule(), wire.location, wire.practitioner),
    );
    expect(slots).toMatchObject([{ start, end }]);
  });

  it("sorts slots by instant, not by text", async () => {
    const { slots } = await search(
      wire.bundle(
        wire.slot("later", "2027-10-31T01:10:00+00:00", "2027-10-31T01:20:00+00:00"),
        wire.slot("sooner", "2027-10-31T01:50:00+01:00", "2027-10-31T01:00:00+00:00"),
        wire.schedule(),
        wire.location,
      ),
    );
    expect(slots.map(({ id }) => id)).toEqual(["sooner", "later"]);
  });

  it("is independent of the order of equal slots and of several practitioners", async () => {
    const other = { ...wire.practitioner, id: "p0" };
    const actors = ["Practitioner/p1", "Location/l1", "Practitioner/p0"].map((reference) => ({ reference }));
    const simultaneous = ["b", "a", "c"].map((id) => wire.slot(id, NINE, TEN_PAST));
    const rest = [wire.practitioner, other, wire.location];
    const { slots } = await search(wire.bundle(...simultaneous, wire.schedule({ actor: actors }), ...rest));
    expect(slots.map(({ id, practitioner }) => [id, practitioner?.id])).toEqual([
      ["a", "p0"],
      ["b", "p0"],
      ["c", "p0"],
    ]);
    const turned = wire.schedule({ actor: [...actors].reverse() });
    expect((await search(wire.bundle(...rest, turned, ...simultaneous.reverse()))).slots).toEqual(slots);
  });

  // Proves GPC-SFS, HAZ-21-59.
  it("leaves out what is not free, has begun, or comes twice", async () => {
    const { slots } = await search(
      wire.bundle(
        wire.slot("busy", NINE, TEN_PAST, { status: "busy", schedule: { reference: "Schedule/unknown" } }),
        wire.slot("begins now", "2026-11-23T09:00:00+00:00", "2026-11-23T09:10:00+00:00"),
        wire.slot("this morning", "2026-11-23T08:00:00+00:00", "2026-11-23T08:10:00+00:00"),
        ...twoSlots,
        wire.slot("2", TEN_PAST, TWENTY_PAST),
      ),
    );
    expect(slots.map(({ id }) => id)).toEqual(["1", "2"]);
  });

  it.each<[string, wire.Resource]>([
    ["without entries", { resourceType: "Bundle", type: "searchset" }],
    ["with an empty list of entries", wire.bundle()],
    ["with a total of 0", { ...wire.bundle(), total: 0, link: [{ relation: "self", url: "x" }] }],
  ])("has no slots in a bundle %s", async (_name, response) => {
    expect(await search(response)).toEqual({ slots: [], organisation: undefined });
  });

  it("counts entries without a resource", async () => {
    const response = { resourceType: "Bundle", entry: [{}, null, { resource: "x" }] };
    expect(await search(response)).toEqual({ slots: [], organisation: undefined, unusableEntries: 3 });
  });

  it.each<[string, wire.Resource]>([
    [
      "a next page",
      {
        link: [
          { relation: "self", url: "x" },
          { relation: "next", url: "https://x.example/2" },
        ],
      },
    ],
    ["a next page as a single object", { link: { relation: "next" } }],
    ["a total above its entries", { total: 400 }],
    ["a total above its slots", { total: 3 }],
    ["a total as text", { total: "400" }],
  ])("is incomplete with %s, which is not followed", async (_name, more) => {
    const before = proxy.server.requests.length;
    expect(await failureOf(search({ ...wire.bundle(...twoSlots), ...more }))).toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      service: "PROVIDER",
      reason: "INCOMPLETE_RESPONSE",
      retryable: false,
    });
    expect(proxy.server.requests).toHaveLength(before + 1);
  });

  it.each([0, 1, 2, 6])(
    "is complete with a total of %i: fewer, its slots or all its entries",
    async (total) => {
      expect((await search({ ...wire.bundle(...twoSlots), total })).slots).toHaveLength(2);
    },
  );

  it("finds the practice when all slots are taken, and among other organisations", async () => {
    const other = { ...wire.organisation, id: "o2", identifier: [], name: "Landlord" };
    const { slots, organisation } = await search(wire.bundle(other, wire.organisation));
    expect(slots).toEqual([]);
    expect(organisation?.name).toBe("Willow Lane Surgery");
  });

  // Proves HAZ-21-59.
  it("accepts an object for a list and a list for an object", async () => {
    const { slots, organisation } = await search(
      wire.bundle(
        wire.slot("1", NINE, TEN_PAST, { serviceType: { text: "Ear check" } }),
        wire.schedule(),
        { ...wire.practitioner, name: { family: "Okonjo", given: "Ada" } },
        {
          ...wire.location,
          address: [{ line: "4 Willow Lane", city: "Averdale" }],
          telecom: { system: "phone", value: "01632 960009" },
        },
        {
          ...wire.organisation,
          identifier: { system: "https://fhir.nhs.uk/Id/ods-organization-code", value: "T81001" },
          address: { line: ["1 Willow Lane"], postalCode: "XX20 1ZA" },
          telecom: { system: "phone", value: "01632 960008" },
        },
      ),
    );
    expect(slots).toMatchObject([
      {
        serviceType: "Ear check",
        practitioner: { name: { family: "Okonjo", given: ["Ada"] } },
        location: { addressLines: ["4 Willow Lane", "Averdale"], phone: "01632 960009" },
      },
    ]);
    expect(organisation).toMatchObject({
      odsCode: "T81001",
      addressLines: ["1 Willow Lane"],
      phone: "01632 960008",
    });
  });

  // Proves HAZ-21-59.
  it("accepts slots without the optional elements", async () => {
    const bare = { extension: undefined, serviceType: undefined };
    const { slots } = await search(
      wire.bundle(
        wire.slot("1", NINE, TEN_PAST, bare),
        wire.schedule({
          extension: undefined,
          serviceCategory: undefined,
          actor: [{ reference: "Location/l1" }],
        }),
        { resourceType: "Location", id: "l1" },
      ),
    );
    expect(slots).toEqual([
      {
        id: "1",
        start: NINE,
        end: TEN_PAST,
        scheduleId: "s1",
        location: { id: "l1", addressLines: [] },
      },
    ]);
  });

  // Proves GPC-STR-TST-GEN-27, HAZ-11, HAZ-21-59.
  it("keeps unknown codes and skips extensions without a value", async () => {
    const channel = { url: wire.DELIVERY_CHANNEL };
    const { slots } = await search(
      wire.bundle(
        wire.slot("1", NINE, TEN_PAST, { extension: [channel, { ...channel, valueCode: "Hologram" }] }),
        wire.schedule({
          extension: [
            { url: wire.PRACTITIONER_ROLE },
            { url: wire.PRACTITIONER_ROLE, valueCodeableConcept: { text: "Visiting sage" } },
          ],
        }),
        wire.location,
      ),
    );
    expect(slots).toMatchObject([
      {
        deliveryChannel: "Hologram",
        practitionerRole: { display: "Visiting sage" },
        practitioner: { id: "p1" },
      },
    ]);
  });

  it("resolves absolute references, and ignores a HealthcareService among the actors", async () => {
    const actor = [
      { reference: "HealthcareService/h1" },
      { reference: "https://gp.example/fhir/Location/l1" },
      { display: "nobody in particular" },
    ];
    const { slots } = await search(
      wire.bundle(wire.slot("1", NINE, TEN_PAST), wire.schedule({ actor }), wire.location),
    );
    expect(slots).toMatchObject([{ location: { id: "l1" } }]);
    expect(slots[0]?.practitioner).toBeUndefined();
  });

  // Proves HAZ-16-18-33.
  it.each<[string, wire.Resource[]]>([
    ["without its schedule", [oddSlot({ schedule: { reference: "Schedule/absent" } })]],
    ["without a reference to a schedule", [oddSlot({ schedule: undefined })]],
    [
      "whose location is not included",
      [wire.schedule({ id: "s9", actor: [{ reference: "Location/l9" }] }), ofSchedule("s9")],
    ],
    ["whose schedule has no location", [wire.schedule({ id: "s9", actor: [] }), ofSchedule("s9")]],
    ["without a start", [oddSlot({ start: undefined })]],
    ["without an end", [oddSlot({ end: undefined })]],
    ["whose end is not a time", [oddSlot({ end: "at ten past" })]],
    ["whose end is before its start", [oddSlot({ end: "2026-11-24T08:50:00+00:00" })]],
    ["that ends when it starts", [oddSlot({ end: NINE })]],
    ["on 30 February", [oddSlot({ start: "2027-02-30T09:00:00+00:00", end: "2027-03-02T09:10:00+00:00" })]],
    [
      "on 29 February of a common year",
      [oddSlot({ start: "2027-02-29T09:00:00+00:00", end: "2027-03-01T09:10:00+00:00" })],
    ],
    ["on 31 April", [oddSlot({ start: "2027-04-31T09:00:00+00:00", end: "2027-05-01T09:10:00+00:00" })]],
    ["without an id", [oddSlot({ id: undefined })]],
    ["without a status", [oddSlot({ status: undefined })]],
    ["with an unknown status", [oddSlot({ status: "Free" })]],
    ["that has the id of a different slot", [wire.slot("9", NINE, TEN_PAST), oddSlot({ end: TWENTY_PAST })]],
  ])("leaves out and counts a slot %s, and keeps the others", async (_name, resources) => {
    const response = await search(wire.bundle(...resources, ...twoSlots));
    expect(response.slots.map(({ id }) => id)).toEqual(["1", "2"]);
    expect(response.unusableEntries).toBe(1);
  });

  it("offers a slot on 29 February of a leap year", async () => {
    const leap = wire.slot("9", "2028-02-29T09:00:00+00:00", "2028-02-29T09:10:00+00:00");
    const response = await search(wire.bundle(leap, ...twoSlots));
    expect(response.slots.map(({ id }) => id)).toEqual(["1", "2", "9"]);
    expect(response.unusableEntries).toBeUndefined();
  });

  it("gives all roles and practitioners of a schedule, and the first as the single one", async () => {
    const role = (code: string) => ({
      url: wire.PRACTITIONER_ROLE,
      valueCodeableConcept: { coding: [{ code, display: `Role ${code}` }] },
    });
    const schedule = wire.schedule({
      extension: [role("R1290"), role("R0260"), role("R1290")],
      actor: ["Practitioner/p2", "Location/l1", "Practitioner/p1", "Practitioner/p2"].map((reference) => ({
        reference,
      })),
    });
    const { slots } = await search(
      wire.bundle(wire.slot("1", NINE, TEN_PAST), schedule, wire.location, wire.practitioner),
    );
    expect(slots).toMatchObject([
      {
        practitionerRole: { code: "R0260" },
        practitionerRoles: [{ code: "R0260" }, { code: "R1290" }],
        practitioner: { id: "p1" },
        practitioners: [{ id: "p1", gender: "female" }, { id: "p2" }],
      },
    ]);
  });

  it.each<[string, unknown, string]>([
    ["display of a coding", { coding: [{ code: "23", display: "Blood test" }] }, "Blood test"],
    ["code of a coding", { coding: [{ code: "23" }] }, "23"],
    [
      "text rather than a coding",
      { text: "Bloods", coding: [{ code: "23", display: "Blood test" }] },
      "Bloods",
    ],
    ["second concept when the first is empty", [{}, { coding: [{ display: "Blood test" }] }], "Blood test"],
  ])("shows the service type by the %s", async (_name, concept, label) => {
    const { slots } = await search(
      wire.bundle(
        wire.slot("1", NINE, TEN_PAST, { serviceType: concept }),
        wire.schedule({ serviceCategory: concept }),
        wire.location,
      ),
    );
    expect(slots).toMatchObject([{ serviceType: label, scheduleType: label }]);
  });

  it("shows the name, address and telephone number that are valid today", async () => {
    const past = { end: "2020-01-01" };
    const { slots } = await search(
      wire.bundle(
        wire.slot("1", NINE, TEN_PAST),
        wire.schedule(),
        {
          ...wire.practitioner,
          name: [
            { use: "official", family: "Before", period: past },
            { use: "old", family: "Former" },
            { use: "usual", family: "Now" },
          ],
        },
        {
          ...wire.location,
          address: [
            { use: "old", line: ["1 Old Road"] },
            { line: ["2 Past Road"], period: past },
            { use: "work", line: ["3 Now Road"] },
          ],
          telecom: [
            { system: "phone", value: "01632 960010", period: past },
            { system: "phone", use: "home", value: "01632 960011" },
            { system: "phone", use: "work", value: "01632 960012" },
          ],
        },
      ),
    );
    expect(slots).toMatchObject([
      {
        practitioner: { name: { family: "Now" } },
        location: { addressLines: ["3 Now Road"], phone: "01632 960012" },
      },
    ]);
  });

  // Proves GPC-AMUS-BPA-1/3, GPC-AMUS-BPA-1/4, CONS-AppointmentsAPITest9.
  it.each([
    [400, "BAD_REQUEST"],
    [422, "INVALID_PARAMETER"],
  ])("that the practice refuses has its code as the reason: %i %s", async (status, reason) => {
    const context = testContext();
    proxy.answerWith((_request, response) => sendJson(response, status, wire.practiceOutcome(reason)));
    const window = { start: "2026-11-23T09:00:00+00:00", end: "2026-12-07T08:59:59+00:00" };
    const refused = { code: "UPSTREAM_REFUSED", service: "PROVIDER", reason, retryable: false };
    expect(await failureOf(proxy.client.searchFreeSlots(PRACTICE, window, context))).toMatchObject(refused);
    expect(context.events).toMatchObject([{ outcome: "REFUSED", reason, httpStatus: status }]);
  });

  it("reads two weeks of a large practice", async () => {
    const first = Date.parse("2026-11-24T08:00:00Z");
    const at = (minutes: number) =>
      new Date(first + minutes * 60_000).toISOString().replace(".000Z", "+00:00");
    const slots = Array.from({ length: 3_000 }, (_, index) =>
      wire.slot(`n${index}`, at(index), at(index + 1), {
        schedule: { reference: `Schedule/s${index % 50}` },
      }),
    );
    const schedules = Array.from({ length: 50 }, (_, index) => wire.schedule({ id: `s${index}` }));
    const answer = await search(
      wire.bundle(...slots.reverse(), ...schedules, wire.location, wire.practitioner),
    );
    expect(answer.slots).toHaveLength(3_000);
    expect(answer.slots.at(0)?.id).toBe("n0");
    expect(answer.slots.at(-1)).toMatchObject({ id: "n2999", scheduleId: "s49" });
  });
});

/** A small generator of its own, so that a failing order can be seen again. */
function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

function shuffle<T>(items: readonly T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
