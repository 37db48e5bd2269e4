import type { OdsCode } from "../../../src/domain/ods-code.js";
import type { DirectoryQuery } from "../../../src/upstreams/sds/index.js";
import {
  addressFilter,
  combinedFilter,
  interactingSystemFilter,
  systemFilter,
} from "../../../src/upstreams/sds/ldap-filters.js";

const query = (odsCode: string, interaction = "urn:IA", partyKey?: string): DirectoryQuery => ({
  odsCode: odsCode as OdsCode,
  interaction,
  partyKey,
});
const SPINE = query("YES", "urn:VM", "YES-1");

/** Each as the notes write it (SDS notes, sections 5.2 and 5.3). */
it.each([
  [
    "one practice",
    combinedFilter([query("A1")]),
    "(&(nhsIDCode=A1)(|(&(objectClass=nhsMhs)(nhsMhsSvcIA=urn:IA))(objectClass=nhsAs)))",
  ],
  [
    "several practices",
    combinedFilter([query("A1"), query("A2"), query("A3")]),
    "(&(|(nhsIDCode=A1)(nhsIDCode=A2)(nhsIDCode=A3))(|(&(objectClass=nhsMhs)(nhsMhsSvcIA=urn:IA))(objectClass=nhsAs)))",
  ],
  [
    "a national service",
    combinedFilter([SPINE]),
    "(&(nhsMHSPartyKey=YES-1)(|(&(objectClass=nhsMhs)(nhsMhsSvcIA=urn:VM))(&(objectClass=nhsAs)(nhsAsSvcIA=urn:VM))))",
  ],
  [
    "practices with two interactions, and a national service",
    combinedFilter([query("A1"), query("A2", "urn:IB"), SPINE]),
    "(|(&(nhsIDCode=A1)(|(&(objectClass=nhsMhs)(nhsMhsSvcIA=urn:IA))(objectClass=nhsAs)))" +
      "(&(nhsIDCode=A2)(|(&(objectClass=nhsMhs)(nhsMhsSvcIA=urn:IB))(objectClass=nhsAs)))" +
      "(&(nhsMHSPartyKey=YES-1)(|(&(objectClass=nhsMhs)(nhsMhsSvcIA=urn:VM))(&(objectClass=nhsAs)(nhsAsSvcIA=urn:VM)))))",
  ],
  [
    "a practice's address",
    addressFilter(query("A1")),
    "(&(nhsIDCode=A1)(objectClass=nhsMhs)(nhsMhsSvcIA=urn:IA))",
  ],
  [
    "a national service's address",
    addressFilter(SPINE),
    "(&(nhsMHSPartyKey=YES-1)(objectClass=nhsMhs)(nhsMhsSvcIA=urn:VM))",
  ],
  [
    "a practice's system",
    systemFilter(query("A1"), "K-1"),
    "(&(nhsIDCode=A1)(objectClass=nhsAs)(nhsMHSPartyKey=K-1))",
  ],
  [
    "a national service's system",
    systemFilter(SPINE, "YES-1"),
    "(&(nhsIDCode=YES)(objectClass=nhsAs)(nhsMHSPartyKey=YES-1)(nhsAsSvcIA=urn:VM))",
  ],
  [
    "the systems with the interaction",
    interactingSystemFilter(query("A1")),
    "(&(nhsIDCode=A1)(objectClass=nhsAs)(nhsAsSvcIA=urn:IA))",
  ],
])("the LDAP filter for %s", (_what, filter, text) => {
  expect(filter.toString()).toBe(text);
});
