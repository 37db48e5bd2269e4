const { faultsOf } = jest.requireActual<{
  faultsOf(report: object, exceptions: object[], today: string): string[];
}>("../../scripts/check-advisories.js");

const TODAY = "2026-11-28";
const advisory = {
  name: "left-pad",
  title: "Pads too much",
  severity: "high",
  url: "https://github.com/advisories/GHSA-aaaa-bbbb-cccc",
};
const REPORT = {
  vulnerabilities: { "left-pad": { via: [advisory] }, "uses-left-pad": { via: ["left-pad"] } },
};
const EXCEPTION = { id: "GHSA-aaaa-bbbb-cccc", reason: "We pad nothing.", until: "2026-12-31" };

test("an advisory without a written exception is a fault, once", () => {
  expect(faultsOf(REPORT, [], TODAY)).toEqual(["GHSA-aaaa-bbbb-cccc left-pad: Pads too much (high)"]);
});

test("a written exception with a reason holds until its last day", () => {
  expect(faultsOf(REPORT, [EXCEPTION], TODAY)).toEqual([]);
  expect(faultsOf(REPORT, [EXCEPTION], "2026-12-31")).toEqual([]);
  expect(faultsOf(REPORT, [EXCEPTION], "2027-01-01")).toEqual([
    "GHSA-aaaa-bbbb-cccc: the exception ended on 2026-12-31",
  ]);
});

test.each([
  ["reason", { ...EXCEPTION, reason: " " }, "the exception has no reason"],
  ["last day", { ...EXCEPTION, until: undefined }, "the exception has no last day"],
  ["use", { ...EXCEPTION, id: "GHSA-none" }, "the exception is no longer needed"],
])("an exception without a %s is a fault", (_what, exception, fault) => {
  expect(faultsOf(REPORT, [exception], TODAY)).toContain(`${exception.id}: ${fault}`);
});

test("a registry that does not respond is not taken for a clean report", () => {
  expect(faultsOf({ error: { code: "ENOTFOUND" } }, [], TODAY)).toEqual(["npm audit gave no report"]);
  expect(faultsOf({}, [], TODAY)).toEqual(["npm audit gave no report"]);
});
