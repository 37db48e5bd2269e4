import type { Address, Telecom } from "../../domain/patient.js";
import { covers } from "../../domain/period.js";
import type { TemporaryRegistration } from "./gp-connect-client.js";
import { CODE_SYSTEM, EXTENSION, ID, PROFILE } from "./wire.js";

/**
 * The Parameters of a temporary registration (GP Connect notes, section 8.3). Practices refuse every element
 * that the section does not name, two telecoms of one use and two addresses of one use, so single elements are copied
 * and never the whole record. What PDS holds keeps its own use; what the caller supplies is `temp`.
 *
 * @param today London date: a value no longer or not yet in force is left out.
 */
export function toRegistrationBody(registration: TemporaryRegistration, today: string): object {
  return {
    resourceType: "Parameters",
    parameter: [{ name: "registerPatient", resource: toPatient(registration, today) }],
  };
}

function toPatient(registration: TemporaryRegistration, today: string): object {
  const { name, gender } = registration;
  const telecom = toTelecoms(registration, today);
  const address = toAddresses(registration, today);
  return {
    resourceType: "Patient",
    meta: { profile: [PROFILE.patient] },
    identifier: [toNhsNumberIdentifier(registration.nhsNumber)],
    name: [
      {
        use: "official",
        ...(name.family === undefined ? {} : { family: name.family }),
        ...(name.given.length > 0 ? { given: name.given } : {}),
        ...(name.prefix.length > 0 ? { prefix: name.prefix } : {}),
      },
    ],
    ...(telecom.length > 0 ? { telecom } : {}),
    ...(gender === undefined ? {} : { gender }),
    birthDate: registration.birthDate,
    ...(address.length > 0 ? { address } : {}),
  };
}

/** Verified, because a registration follows a trace on PDS. */
function toNhsNumberIdentifier(nhsNumber: string): object {
  const verified = {
    system: CODE_SYSTEM.verificationStatus,
    code: "01",
    display: "Number present and verified",
  };
  return {
    extension: [{ url: EXTENSION.verificationStatus, valueCodeableConcept: { coding: [verified] } }],
    system: ID.nhsNumber,
    value: nhsNumber,
  };
}

const PHONE_USES = new Set(["home", "work", "mobile", "temp"]);

function toTelecoms({ telecoms, temporaryPhone }: TemporaryRegistration, today: string): object[] {
  // The caller's own number comes first and replaces one of the same use.
  const own: Telecom[] = temporaryPhone ? [{ system: "phone", use: "temp", value: temporaryPhone }] : [];
  const sent = new Map<string, object>();
  for (const { system, use, value, period } of [...own, ...telecoms]) {
    const isPhone = system === "phone" && use !== undefined && PHONE_USES.has(use);
    if (!(isPhone || system === "email") || !covers(period, today)) continue;
    const place = isPhone ? `phone ${use}` : "email";
    if (!sent.has(place)) sent.set(place, { system, value, ...(use === undefined ? {} : { use }) });
  }
  return [...sent.values()];
}

const ADDRESS_USES = new Set(["home", "temp"]);

function toAddresses({ addresses, temporaryAddress }: TemporaryRegistration, today: string): object[] {
  const own: Address[] = temporaryAddress ? [{ ...temporaryAddress, use: "temp" }] : [];
  const sent = new Map<string, object>();
  for (const { use, lines, postalCode, period } of [...own, ...addresses]) {
    if (use === undefined || !ADDRESS_USES.has(use) || sent.has(use) || !covers(period, today)) continue;
    sent.set(use, {
      use,
      ...(lines.length > 0 ? { line: lines } : {}),
      ...(postalCode === undefined ? {} : { postalCode }),
    });
  }
  return [...sent.values()];
}
