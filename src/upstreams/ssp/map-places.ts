import type { OdsCode } from "../../domain/ods-code.js";
import type { Location, Organisation } from "../../domain/slot.js";
import { toAddressLines, toPhone } from "./map-people.js";
import { expectResource, expectText, UnusableResponse } from "./unusable-response.js";
import { BundleIndex, ID, identifierValues, type Json, text } from "./wire.js";

/** One surgery of a practice. @throws UnusableResponse when there is no id. */
export function toLocation(resource: Json): Location {
  return {
    id: expectText(resource.id),
    name: text(resource.name),
    ...toAddressLines(resource),
    phone: toPhone(resource),
  };
}

export function toOrganisation(resource: Json): Organisation {
  return {
    odsCode: identifierValues(resource, ID.odsOrganisation)[0],
    name: text(resource.name),
    ...toAddressLines(resource),
    phone: toPhone(resource),
  };
}

/**
 * The organisation that a search by ODS code found, or undefined when there is none.
 *
 * @throws UnusableResponse when the response holds only organisations with another code.
 */
export function toFoundOrganisation(body: unknown, odsCode: OdsCode): Organisation | undefined {
  const bundle = new BundleIndex(expectResource(body, "Bundle"));
  const found = bundle.all("Organization").map(toOrganisation);
  const requested = found.find((one) => one.odsCode === undefined || one.odsCode.toUpperCase() === odsCode);
  if (!requested && found.length > 0) throw new UnusableResponse("WRONG_RESOURCE");
  return requested;
}
