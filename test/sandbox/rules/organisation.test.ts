import { resourcesOf } from "../support/bundles.js";
import { type Json, ODS_SYSTEM } from "../support/wire.js";
import { allSlots, read, refusal, STU3, search, useFreshSandbox } from "./support.js";

const under = useFreshSandbox();
const SDS_USER = "https://fhir.nhs.uk/Id/sds-user-id";
const UNKNOWN_IDS = ["999999", "1@", "9i", "40-9", "a_b", "-1"];
const first = async (type: string): Promise<Json> =>
  resourcesOf((await allSlots(await under.caller())).json, type)[0];

test("P-O1: an organisation is found by ODS code and read by id, with one ODS identifier", async () => {
  const caller = await under.caller();
  const found = resourcesOf(
    (await search(caller, "Organization", `identifier=${ODS_SYSTEM}%7CT81001`)).json,
    "Organization",
  );
  expect(found).toHaveLength(1);
  expect(found[0].identifier).toEqual([{ system: ODS_SYSTEM, value: "T81001" }]);
  expect((await read(caller, "Organization", found[0].id)).json).toEqual(found[0]);
  expect((await search(caller, "Organization", `identifier=${ODS_SYSTEM}%7CX99999`)).json).not.toHaveProperty(
    "entry",
  );
});

test.each(UNKNOWN_IDS)("P-O2: the unknown organisation id %s gets 404 ORGANISATION_NOT_FOUND", async (id) => {
  expect(refusal(await read(await under.caller(), "Organization", id))).toEqual([
    404,
    "ORGANISATION_NOT_FOUND",
  ]);
});

test("P-O3: a location is read with managing organisation and address", async () => {
  const location = await first("Location");
  const { status, json } = await read(await under.caller(), "Location", location.id);
  expect([status, json]).toEqual([200, location]);
  expect(json.managingOrganization.reference).toMatch(/^Organization\/\d+$/);
  expect(json.address).toMatchObject({ postalCode: expect.any(String) });
});

test.each(UNKNOWN_IDS)("P-O4: the unknown location id %s gets 404", async (id) => {
  expect((await read(await under.caller(), "Location", id)).status).toBe(404);
});

test("P-O5: a practitioner is found by SDS user id and read by id, without forbidden elements", async () => {
  const caller = await under.caller();
  const practitioner = await first("Practitioner");
  const userId = practitioner.identifier.find(({ system }: Json) => system === SDS_USER).value;
  const found = resourcesOf(
    (await search(caller, "Practitioner", `identifier=${SDS_USER}%7C${userId}`)).json,
    "Practitioner",
  );
  expect(found).toEqual([practitioner]);
  expect((await read(caller, "Practitioner", practitioner.id)).json).toEqual(practitioner);
  expect(practitioner.meta.profile).toEqual([`${STU3}/CareConnect-GPC-Practitioner-1`]);
  for (const name of ["telecom", "address", "birthDate", "photo", "qualification"]) {
    expect(practitioner).not.toHaveProperty(name);
  }
  expect((await search(caller, "Practitioner", `identifier=${SDS_USER}%7C000`)).json).not.toHaveProperty(
    "entry",
  );
});

test.each(UNKNOWN_IDS)("P-O6: the unknown practitioner id %s gets 404", async (id) => {
  expect((await read(await under.caller(), "Practitioner", id)).status).toBe(404);
});
