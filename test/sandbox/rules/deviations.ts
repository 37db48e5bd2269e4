import type { SupplierProfileName } from "../../../src/sandbox/index.js";

/** The rules that a supplier profile does not keep, with what it does instead. */
export type Deviations = Readonly<Record<string, string>>;

const NO_TYPES = "Slots and schedules have no service types";
const SAYS_422 = "Responds 422, as the specification says";
const OTHER_VERSION =
  "A PUT response has a version that no later read returns, so that it cannot be used again";

/**
 * The deviations of each profile: exactly the rules of which a test fails at its practices. `npm run verify:long --
 * profiles` measures them.
 */
export const DEVIATIONS: Readonly<Record<SupplierProfileName, Deviations>> = {
  "strict-1.2.7": {},
  "demonstrator-like": {
    "P-H3": "A request without any media type gets 415",
    "P-B4": "Concurrent bookings of one slot both succeed",
    "P-V2": "Appointments carry an empty cancellation reason",
    "P-M1": OTHER_VERSION,
    "P-M6": OTHER_VERSION,
    "P-M7": OTHER_VERSION,
    "S-5": "Past slots can be booked, and past appointments read",
    "S-7": "A gap, and slots of two schedules, are accepted",
  },
  "older-without-service-types": {
    "P-C1": "Version 1.2.5",
    "P-G5": SAYS_422,
    "P-G7": SAYS_422,
    "P-G8": SAYS_422,
    "P-S10": NO_TYPES,
    "P-R4": NO_TYPES,
    "P-V9": NO_TYPES,
    "P-M6": NO_TYPES,
    "P-X8": NO_TYPES,
    "S-7": `${NO_TYPES}, so that slots of two types cannot be told apart`,
    "S-16": "Does not verify on find: find is empty and register gets 409",
  },
  "comment-in-description": {
    "P-B2": "The comment moves to the end of the description",
    "P-M1": "The comment moves to the end of the description",
    "S-10": "A comment of the longest length comes back in the description",
  },
  "service-filtering-1.2.8": { "P-C1": "Version 1.2.8" },
};
