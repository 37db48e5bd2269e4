/** The names of the supplier profiles. */
export type SupplierProfileName =
  | "strict-1.2.7"
  | "demonstrator-like"
  | "older-without-service-types"
  | "comment-in-description"
  | "service-filtering-1.2.8";

/**
 * How one supplier's practice system differs from others, as data. Sources: GP Connect notes, section 14, and
 * consumer assurance notes, section 5.
 */
export interface SupplierProfile {
  readonly name: SupplierProfileName;
  /** One sentence for the documentation. */
  readonly summary: string;
  /** `CapabilityStatement.version`. */
  readonly gpConnectVersion: string;
  readonly software: { readonly name: string; readonly version: string };
  /**
   * `atomic`: the slot check and the save are one step. `two-step`: the slot check and the save are separated by
   * the save delay, and the save does not check again. Two concurrent bookings of a slot can then both succeed.
   */
  readonly save: "atomic" | "two-step";
  /** Whether a description that the consumer leaves out is refused. */
  readonly descriptionRequired: boolean;
  /** `appended-to-description`: the comment moves to the end of the description, and no comment is stored. */
  readonly comment: "separate" | "appended-to-description";
  /** `differs`: a PUT response carries a version that no later read returns. */
  readonly putVersion: "as-stored" | "differs";
  /** Whether a PUT without `If-Match` is refused. */
  readonly ifMatchRequired: boolean;
  /** Response to an `_include` or `_include:recurse` value that the system does not know. */
  readonly unknownInclude: "ignored" | "refused-400";
  /** Whether *find* verifies an unverified patient on PDS (since 1.2.7). Else *find* is empty and *register* gets 409. */
  readonly verifiesOnFind: boolean;
  /** Whether slots and schedules carry `serviceType` and `serviceCategory` (since 1.2.7). */
  readonly serviceTypes: boolean;
  /** Whether HealthcareService and `service.identifier` are supported (1.2.8). */
  readonly serviceFiltering: boolean;
  /** `four-rules`: gap, schedule, channel and type are checked. `outer-bounds`: channel and type only. */
  readonly adjacency: "four-rules" | "outer-bounds";
  /** `by-start`: a date-only end excludes its day, and a slot matches when its start lies in the range. */
  readonly slotRange: "wholly-inside" | "by-start";
  /** Whether booking a slot that has begun, and reading a past appointment, is refused. */
  readonly pastRefused: boolean;
  /** Whether cancelling a cancelled appointment overwrites the reason instead of being refused. */
  readonly cancelTwiceAllowed: boolean;
  /** Whether booked appointments carry a cancellation-reason extension without a value, refused with 400 in a PUT. */
  readonly emptyCancellationReason: boolean;
  /** Whether the organisation type of the booking organisation is stored. */
  readonly organisationTypeStored: boolean;
  /** Whether an Organization is returned for a range in which all slots are taken. */
  readonly organizationWithoutSlots: boolean;
  /** Whether a request without `_format`, `Accept` and `Content-Type` is refused with 415. */
  readonly acceptRequired: boolean;
  /** `single-objects`: `telecom` and `address` are objects where STU3 has lists, as in published samples. */
  readonly contactShape: "lists" | "single-objects";
  /** `practitioner-first`: the practitioner comes before the location. `mixed`: either order. */
  readonly actorOrder: "mixed" | "practitioner-first";
  readonly practitionerRoleSystem: string;
  readonly errors: SupplierErrors;
}

/** How a supplier reports errors. */
export interface SupplierErrors {
  readonly codeSystem: "ValueSet" | "CodeSystem";
  /** Whether `display` repeats the code. */
  readonly displayIsCode: boolean;
  /** Issue code of a taken slot. */
  readonly slotTakenIssue: "duplicate" | "conflict";
  /** Issue code of 404 responses. */
  readonly notFoundIssue: "not-found" | "invalid";
  /** Response to a body that is not JSON. */
  readonly malformedBody: "BAD_REQUEST" | "INVALID_RESOURCE";
  /** Code for a registration without the minimum, or with too many of an element: the pack and the specification differ. */
  readonly registrationMinimum: "BAD_REQUEST" | "INVALID_RESOURCE";
  /** Code for a booking of an unknown slot. */
  readonly unknownSlot: "REFERENCE_NOT_FOUND" | "INVALID_RESOURCE";
  /** Status of the OperationOutcome for a PUT whose body has another id than the URL. */
  readonly mismatchedIdStatus: 422 | 200;
}
