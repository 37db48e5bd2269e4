import { isDeceased } from "../../../src/domain/patient-gates.js";
import { fixture, type PdsService, startPdsService } from "./pds-service.js";

let pds: PdsService;
beforeEach(async () => {
  pds = await startPdsService();
});
afterEach(() => pds.close());

describe("a PDS record", () => {
  it("holds what PDS sent, with dates as text", async () => {
    expect(await pds.record("9990000018", fixture("patient"))).toEqual({
      nhsNumber: "9990000018",
      requestedNhsNumber: "9990000018",
      versionId: "7",
      confidentiality: "U",
      names: [
        {
          use: "old",
          period: { start: "1971-02", end: "1999" },
          family: "Blom",
          given: ["Ida"],
          prefix: [],
          suffix: [],
        },
        {
          use: "usual",
          period: { start: "1999-06-01", end: undefined },
          family: "O'Féarghail",
          given: ["Ida Maud", "Rose"],
          prefix: ["Mrs"],
          suffix: ["MBE"],
        },
        { use: "nickname", given: ["Maudie"], prefix: [], suffix: [] },
      ],
      gender: "female",
      birthDate: "1971-02-28",
      deceasedAt: undefined,
      deathNotification: undefined,
      addresses: [
        {
          use: "home",
          period: { start: "2011-04-01", end: undefined },
          lines: ["4 Weir Cottages", "Mill Lane", "Otley"],
          postalCode: "LS21 1AA",
        },
        {
          use: "temp",
          period: { start: "2026-09-01", end: "2027-06-30" },
          lines: ["Flat 2", "9 Quay Street"],
          postalCode: undefined,
        },
      ],
      telecoms: [
        { system: "phone", use: "mobile", value: "07700 900123", period: { start: "2020-01-01" } },
        { system: "email", use: "home", value: "ida@example.com" },
      ],
      registeredPractice: { odsCode: "A20047", period: { start: "2012-05-01", end: "2031-01-01" } },
      tracedAt: pds.clock.now(),
    });
  });

  it("keeps date of death and notification as sent, partial dates included", async () => {
    expect(await pds.record("9990000026", fixture("patient-deceased"))).toMatchObject({
      birthDate: "1931",
      deceasedAt: "2024-03",
      deathNotification: "2",
      registeredPractice: undefined,
    });
  });

  it("may be restricted, without address and practice", async () => {
    expect(await pds.record("9990000034", fixture("patient-restricted"))).toMatchObject({
      confidentiality: "R",
      names: [{ use: "usual", family: "Carrow", given: ["Nell"] }],
      birthDate: "1988-12-01",
      addresses: [],
      telecoms: [],
      registeredPractice: undefined,
    });
  });

  it("may be very restricted, without name and birth date", async () => {
    expect(await pds.record("9990000042", fixture("patient-very-restricted"))).toMatchObject({
      confidentiality: "V",
      names: [],
      birthDate: undefined,
      gender: "unknown",
    });
  });

  it("has the restricting code when there are several, and none when PDS sent none", async () => {
    const system = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    const patient = fixture("patient");
    const both = {
      ...patient,
      meta: {
        security: [
          { system, code: "U" },
          { system, code: "R" },
        ],
      },
    };
    expect((await pds.record("9990000018", both)).confidentiality).toBe("R");
    const { meta: _meta, ...bare } = patient;
    expect(await pds.record("9990000018", bare)).toMatchObject({
      confidentiality: undefined,
      versionId: undefined,
    });
  });

  // Proves GPC-CORE09.
  it("is not restricted by security labels of other systems", async () => {
    const mark = { url: "https://pds.example/under-review", valueCode: "B" };
    const patient = fixture("patient");
    const tag = [{ system: "https://pds.example/record-status", code: "B" }];
    const marked = {
      ...patient,
      meta: { ...(patient.meta as object), tag },
      extension: [...((patient.extension as object[] | undefined) ?? []), mark],
    };
    expect(await pds.record("9990000018", marked)).toEqual(await pds.record("9990000018", patient));
  });

  it("has the registration valid today, wherever it stands, else the one that ended last", async () => {
    const at = (value: string, period?: object) => ({
      identifier: { system: "https://fhir.nhs.uk/Id/ods-organization-code", value, period },
    });
    const ended = at("T81001", { start: "2001-01-01", end: "2010-12-31" });
    const endedLater = at("T81002", { start: "2011-01-01", end: "2019-12-31" });
    const valid = at("T81003", { start: "2020-01-01" });
    const earlier = at("T81004", { start: "2015-01-01" });
    const practiceOf = async (generalPractitioner: object[]) =>
      (await pds.record("9990000018", { ...fixture("patient"), generalPractitioner })).registeredPractice
        ?.odsCode;
    expect(await practiceOf([ended, earlier, valid, endedLater])).toBe("T81003");
    expect(await practiceOf([endedLater, valid, earlier, ended])).toBe("T81003");
    expect(await practiceOf([endedLater, ended])).toBe("T81002");
    expect(await practiceOf([ended, endedLater])).toBe("T81002");
  });

  it("is deceased when it says so without a date", async () => {
    const read = (deceasedBoolean: boolean) =>
      pds.record("9990000018", { ...fixture("patient"), deceasedDateTime: undefined, deceasedBoolean });
    expect(isDeceased(await read(true))).toBe(true);
    expect(isDeceased(await read(false))).toBe(false);
  });

  // Proves GPC-STR-TST-GEN-08.
  it("has no practice when the identifier has another system", async () => {
    const identifier = { system: "https://fhir.nhs.uk/Id/sds-user-id", value: "G1234567" };
    const patient = { ...fixture("patient"), generalPractitioner: [{ identifier }, { id: "no-identifier" }] };
    expect((await pds.record("9990000018", patient)).registeredPractice).toBeUndefined();
  });

  it("has the current number when the requested one is superseded", async () => {
    expect(await pds.record("9990000050", fixture("patient"))).toMatchObject({
      nhsNumber: "9990000018",
      requestedNhsNumber: "9990000050",
    });
  });

  it("without an NHS number identifier is accepted only for the requested number", async () => {
    const patient = { ...fixture("patient"), identifier: [] };
    expect((await pds.record("9990000018", patient)).nhsNumber).toBe("9990000018");
    await expect(pds.record("9990000050", patient)).rejects.toMatchObject({ reason: "WRONG_PATIENT" });
  });
});

describe("a 404 of PDS", () => {
  it.each([
    ["error-not-found", "not-found"],
    ["error-invalidated", "invalidated"],
  ])("%s means %s", async (name, kind) => {
    pds.answerWith(404, fixture(name));
    expect(await pds.read("9990000018")).toEqual({ kind });
  });
});
