import { readConfig } from "../../src/platform/config/config.js";
import { calledAddressRules } from "../../src/server/spine-addresses.js";
import { SPINE_HOSTS } from "../../src/upstreams/directory-address.js";
import { createLiveSettings } from "./support/live-settings.js";

const { environment: LIVE, remove } = createLiveSettings();
afterAll(remove);

const rulesOf = (environment: Readonly<Record<string, string>>) =>
  calledAddressRules(readConfig(environment));

test("the sandbox may call every host that the directory names for V&M, unless VM_HOSTS lists some", () => {
  expect(rulesOf({})).toEqual({ hosts: undefined, requiresTls: false });
  expect(rulesOf({ VM_HOSTS: "localhost" })).toEqual({ hosts: ["localhost"], requiresTls: false });
});

test("live mode may call Spine's own hosts for V&M over https:, or those of VM_HOSTS", () => {
  expect(rulesOf(LIVE)).toEqual({ hosts: SPINE_HOSTS, requiresTls: true });
  expect(rulesOf({ ...LIVE, VM_HOSTS: "vm.example" })).toEqual({ hosts: ["vm.example"], requiresTls: true });
});

test("an address of V&M in the settings needs no list of hosts", () => {
  const fixed = { ...LIVE, VM_URL: "https://vm.example", SPINE_ASID: "200000000117" };
  expect(rulesOf(fixed)).toEqual({ requiresTls: true });
});
