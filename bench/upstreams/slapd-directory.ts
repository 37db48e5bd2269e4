import { cpSync } from "node:fs";
import { join, relative } from "node:path";
import { findProgram } from "../../test/support/needs.js";
import { type Slapd, startSlapd } from "../../test/support/slapd.js";
import { ROOT } from "../kit/repository.js";
import { practiceCode } from "./people.js";
import { addressOf, asidOf, partyKeyOf } from "./spine-responses.js";

const SLOTS = "urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1";
const VISITORS = "urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1";
const SCHEMA = join("test", "fixtures", "sds", "directory.schema");

/**
 * Starts a real OpenLDAP server with the entries of the stub's FHIR directory: the practices and Spine.
 *
 * @param origin of the stub, which serves V&M.
 * @returns undefined if slapd is not installed.
 */
export async function startDirectory(practices: number, origin: string): Promise<Slapd | undefined> {
  if (findProgram("slapd") === undefined) return undefined;
  // The helper expects the schema beside itself, and the compiler does not copy it.
  const built = join(__dirname, "..", "..");
  if (relative(ROOT, built) !== "") cpSync(join(ROOT, SCHEMA), join(built, SCHEMA));
  const codes = Array.from({ length: practices }, (_, index) => practiceCode(index));
  const entries = [
    ...codes.flatMap((code) => records(code, SLOTS, origin)),
    ...records("YES", VISITORS, origin),
  ];
  return startSlapd({ ldif: [TREE, ...entries].join("\n") });
}

const TREE = `dn: o=nhs
objectClass: organization
o: nhs

dn: ou=Services,o=nhs
objectClass: organizationalUnit
ou: Services
`;

/** The system entry and the endpoint entry of an organisation. */
function records(odsCode: string, interaction: string, origin: string): string[] {
  const common = `nhsIDCode: ${odsCode}\nnhsMHSPartyKey: ${partyKeyOf(odsCode)}`;
  return [
    `dn: uniqueIdentifier=${asidOf(odsCode)},ou=Services,o=nhs
objectClass: nhsAs
uniqueIdentifier: ${asidOf(odsCode)}
${common}
nhsAsSvcIA: ${interaction}
nhsAsClient: ${odsCode}
nhsMhsManufacturerOrg: YGP99
`,
    `dn: uniqueIdentifier=mhs-${odsCode},ou=Services,o=nhs
objectClass: nhsMhs
uniqueIdentifier: mhs-${odsCode}
${common}
nhsMhsSvcIA: ${interaction}
nhsMHSEndPoint: ${addressOf(odsCode, origin)}
nhsMhsFQDN: host.example
`,
  ];
}
