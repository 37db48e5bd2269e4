import { createLog } from "../../../src/platform/telemetry/log.js";
import { testContext } from "../../support/call-context.js";
import { ASKED, fixture, startVmService, type VmService } from "./vm-service.js";

let vm: VmService;
beforeEach(async () => {
  vm = await startVmService();
});
afterEach(() => vm.close());

describe("a chargeable status of V&M", () => {
  /** The answer to the fixture's Observation after a change. */
  function changed(change: (observation: Record<string, unknown>) => void) {
    const body = fixture("observation");
    change(body.entry[0].resource);
    vm.answerWith(200, body);
    return vm.fetchStatus();
  }

  const status = {
    system: "https://fhir.nhs.uk/spine-chargeable-status-1",
    code: "N",
    display: "Not Chargeable",
  };
  const category = {
    system: "https://fhir.nhs.uk/spine-category-status-1",
    code: "B",
    display: "Surcharge Payee (or exempt)",
  };
  const effectiveAt = "2026-10-05T11:20:00+01:00";

  it("holds status and category whichever component comes first", async () => {
    const expected = { recorded: true, status, category, effectiveAt };
    expect(await vm.fetchStatus()).toEqual(expected);
    expect(await changed(({ component }) => (component as unknown[]).reverse())).toEqual(expected);
  });

  it("leaves a missing component empty", async () => {
    const noStatus = await changed(({ component }) => (component as unknown[]).pop());
    expect(noStatus).toEqual({ recorded: true, status: undefined, category, effectiveAt });
    const noCategory = await changed(({ component }) => (component as unknown[]).shift());
    expect(noCategory).toEqual({ recorded: true, status, category: undefined, effectiveAt });
    const neither = await changed((observation) => {
      delete observation.component;
      delete observation.effectiveDateTime;
      delete observation.subject;
    });
    expect(neither).toEqual({
      recorded: true,
      status: undefined,
      category: undefined,
      effectiveAt: undefined,
    });
  });

  it("keeps unknown codes and ignores unknown components", async () => {
    const read = await changed((observation) => {
      const coding = [{ code: "G", display: "Settled status" }];
      observation.component = [
        { code: { coding: [{ code: "SOMETHING_NEW" }] }, valueCodeableConcept: { coding: [{ code: "X" }] } },
        { code: { coding: [{ code: "BASIC_CHARGEABLE_STATUS" }] }, valueCodeableConcept: { coding } },
      ];
    });
    expect(read).toEqual({
      recorded: true,
      status: { code: "G", display: "Settled status" },
      category: undefined,
      effectiveAt,
    });
  });

  it("is the coding in V&M's own code system, wherever it stands", async () => {
    const foreign = { system: "http://snomed.info/sct", code: "224621000000101", display: "Elsewhere" };
    const read = await changed((observation) => {
      for (const { valueCodeableConcept } of observation.component as {
        valueCodeableConcept: { coding: object[] };
      }[]) {
        valueCodeableConcept.coding.unshift(foreign);
        valueCodeableConcept.coding.push({ ...foreign, code: "1" });
      }
    });
    expect(read).toEqual({ recorded: true, status, category, effectiveAt });
  });

  it.each(["warning", "information"])(
    "is not affected by an outcome of severity %s beside it",
    async (severity) => {
      const body = fixture("observation");
      body.entry.unshift({ resource: { resourceType: "OperationOutcome", issue: [{ severity }] } });
      vm.answerWith(200, body);
      expect(await vm.fetchStatus()).toMatchObject({ recorded: true, status, category });
    },
  );

  it("is accepted when the subject is an absolute reference", async () => {
    const reference = "https://spine.example/Patient/9990000018";
    expect(
      await changed((observation) => {
        observation.subject = { reference };
      }),
    ).toMatchObject({ recorded: true });
  });
});

describe("V&M holding no record", () => {
  const outcome = (...issue: object[]) => ({ resourceType: "OperationOutcome", issue });
  const inBundle = (resource: object) => ({ resourceType: "Bundle", entry: [{ resource }] });
  const noRecordFound = { details: { coding: [{ code: "NO_RECORD_FOUND" }] } };

  const bodies: [string, number, object][] = [
    ["NO_RECORD_FOUND as information", 200, fixture("no-record")],
    ["NO_RECORD_FOUND as an error", 200, inBundle(outcome({ severity: "error", ...noRecordFound }))],
    ["NO_RECORD_FOUND without a severity", 200, inBundle(outcome(noRecordFound))],
    ["NO_RECORD_FOUND under 404", 404, outcome({ severity: "error", ...noRecordFound })],
    ["a warning without a code", 200, inBundle(outcome({ severity: "warning" }))],
    ["an outcome without issues", 200, inBundle(outcome())],
    ["an outcome without a bundle", 200, outcome({ severity: "information" })],
    ["an empty bundle", 200, { resourceType: "Bundle", type: "searchset", entry: [] }],
    ["a bundle without entries", 200, { resourceType: "Bundle", type: "searchset" }],
  ];

  it.each(bodies)("is read from %s", async (_name, status, body) => {
    vm.answerWith(status, body);
    const context = testContext();
    expect(await vm.fetchStatus(context)).toEqual({ recorded: false });
    expect(context.calls.calls).toMatchObject([{ outcome: "NOT_FOUND" }]);
  });

  it("is logged as a warning when the bundle was empty, without patient data", async () => {
    const lines: string[] = [];
    const log = createLog("warn", (line) => lines.push(line));
    vm.answerWith(200, { resourceType: "Bundle" });
    await vm.fetchStatus(testContext(), undefined, { log });
    vm.answerWith(200, fixture("no-record"));
    await vm.fetchStatus(testContext(), undefined, { log });
    expect(lines).toHaveLength(1);
    expect(lines[0]).not.toContain(ASKED);
  });
});
