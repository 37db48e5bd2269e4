import type { OdsCode } from "../../domain/ods-code.js";
import type { Location, Organisation } from "../../domain/slot.js";
import { readSearchset } from "./bundle.js";
import { refuseReportedErrors } from "./bundle-warnings.js";
import { toAddressLines, toPhone } from "./map-people.js";
import { expectText, UnusableResponse } from "./unusable-response.js";
import { ID, identifierValues, type Json, text } from "./wire.js";

/** One surgery of a practice. @throws UnusableResponse when there is no id. */
export function toLocation(resource: Json, today: string): Location {
  return {
    id: expectText(resource.id),
    name: text(resource.name),
    ...toAddressLines(resource, today),
    phone: toPhone(resource, today),
  };
}

export function toOrganisation(resource: Json, today: string): Organisation {
  return {
    odsCode: identifierValues(resource, ID.odsOrganisation)[0],
    name: text(resource.name),
    ...toAddressLines(resource, today),
    phone: toPhone(resource, today),
  };
}

/**
 * The organisation that a search by ODS code found, or undefined when there is none.
 *
 * @throws UnusableResponse when the response is incomplete, or holds only organisations with another code.
 */
export function toFoundOrganisation(
  body: unknown,
  odsCode: OdsCode,
  today: string,
): Organisation | undefined {
  const bundle = readSearchset(body, "Organization");
  refuseReportedErrors(bundle);
  const found = bundle.all("Organization").map((resource) => toOrganisation(resource, today));
  const requested = found.find((one) => one.odsCode === undefined || one.odsCode.toUpperCase() === odsCode);
  if (!requested && found.length > 0) throw new UnusableResponse("WRONG_RESOURCE");
  return requested;
}
