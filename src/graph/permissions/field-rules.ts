import type { RequiredScopes, Scope } from "../../domain/scope.js";

/**
 * Who may read a field: callers with certain scopes, or everybody. `byParent`: the object is reached only through fields
 * and references with rules of their own, so the field needs no further one.
 */
export type FieldRule = RequiredScopes | "public" | "byParent";

/** The rules of a type's fields by name. `*` is the rule of all other fields. */
type TypeRules = Readonly<Record<string, FieldRule>>;

const allOf = (...scopes: Scope[]): RequiredScopes => [scopes];
const anyOf = (...scopes: Scope[]): RequiredScopes => scopes.map((scope) => [scope]);

/** A patient is the way to everything that concerns them, and each of these fields has its own rule. */
const ANY_OF_PATIENT = anyOf(
  "demographics",
  "chargeable-status",
  "slots",
  "appointments:read",
  "appointments:write",
  "register",
  "practice",
);
const ANY_OF_PRACTICE = anyOf("practice", "slots", "operator", "appointments:read", "appointments:write");
/** What a reference of an entity needs before it is resolved, like the root field that returns the entity. */
export const REFERENCE_RULES = {
  Patient: ANY_OF_PATIENT,
  Practice: ANY_OF_PRACTICE,
  Appointment: allOf("appointments:read"),
} as const;

const BY_PARENT: TypeRules = { "*": "byParent" };

/**
 * The permission of every field. A field without a rule is denied, so a new field is closed until somebody has decided
 * about it. The directives `@requiresScopes` in `schema.graphql` are written from this table.
 */
const RULES: Readonly<Record<string, TypeRules>> = {
  Query: {
    patient: ANY_OF_PATIENT,
    tracePatient: allOf("trace"),
    practice: ANY_OF_PRACTICE,
    practices: ANY_OF_PRACTICE,
    appointment: allOf("appointments:read"),
    bookingOutcome: allOf("appointments:write"),
    // The references and the fields of the entities have rules of their own.
    _entities: "public",
    _service: "public",
  },
  Mutation: {
    bookAppointment: allOf("appointments:write"),
    cancelAppointment: allOf("appointments:write"),
    amendAppointment: allOf("appointments:write"),
    registerPatient: allOf("register"),
  },
  Patient: {
    // The key comes from the caller, or from a field with a rule of its own.
    nhsNumber: "byParent",
    currentNhsNumber: ANY_OF_PATIENT,
    requestedNhsNumber: ANY_OF_PATIENT,
    fetchedAt: "byParent",
    chargeableStatus: allOf("chargeable-status"),
    practice: ANY_OF_PATIENT,
    appointments: allOf("appointments:read"),
    appointmentSearch: allOf("appointments:read"),
    "*": allOf("demographics"),
  },
  Practice: {
    odsCode: "byParent",
    name: allOf("practice"),
    address: allOf("practice"),
    phone: allOf("practice"),
    capabilities: allOf("practice"),
    endpoint: allOf("operator"),
    freeSlots: allOf("slots"),
    nextFreeSlots: allOf("slots"),
    slotSearch: allOf("slots"),
    slots: allOf("slots"),
  },
  Appointment: {
    id: "byParent",
    // Whoever books sees what was booked.
    "*": anyOf("appointments:read", "appointments:write"),
  },
  // Reached through `tracePatient` only.
  PatientTraceCandidate: BY_PARENT,
  PatientTraceCandidates: BY_PARENT,
  PatientTraceNoMatch: BY_PARENT,
  PatientTraceTooManyMatches: BY_PARENT,
  // Reached through the fields of patients, practices and appointments.
  AppointmentSearch: BY_PARENT,
  BookingOrganisation: BY_PARENT,
  ChargeableStatus: BY_PARENT,
  CodedValue: BY_PARENT,
  HumanName: BY_PARENT,
  PageInfo: BY_PARENT,
  PostalAddress: BY_PARENT,
  SpinePageInfo: BY_PARENT,
  SpinePostalAddress: BY_PARENT,
  PracticeCapabilities: BY_PARENT,
  PracticeEndpoint: BY_PARENT,
  PracticeSoftware: BY_PARENT,
  Slot: BY_PARENT,
  SlotConnection: BY_PARENT,
  SlotEdge: BY_PARENT,
  SlotLocation: BY_PARENT,
  SlotPractitioner: BY_PARENT,
  SlotSearch: BY_PARENT,
  SlotsWithheld: BY_PARENT,
  // Reached through commands only.
  AppointmentAmended: BY_PARENT,
  AppointmentBooked: BY_PARENT,
  AppointmentCancelled: BY_PARENT,
  AppointmentChanged: BY_PARENT,
  AppointmentNotChangeable: BY_PARENT,
  AppointmentNotFound: BY_PARENT,
  BookingOutcomeUnknown: BY_PARENT,
  ChangeOutcomeUnknown: BY_PARENT,
  DemographicDifference: BY_PARENT,
  DemographicsMismatch: BY_PARENT,
  PatientAlreadyRegistered: BY_PARENT,
  PatientNotAtPractice: BY_PARENT,
  PatientNotEligible: BY_PARENT,
  PatientNotFound: BY_PARENT,
  PatientRegistered: BY_PARENT,
  PracticeRefused: BY_PARENT,
  RegistrationOutcomeUnknown: BY_PARENT,
  SlotUnavailable: BY_PARENT,
  SlotsNotBookableTogether: BY_PARENT,
  TemporaryRegistration: BY_PARENT,
  // The text of the schema.
  _Service: { sdl: "public" },
};

/** The rule of a field, or undefined when nobody has decided about it: then it is denied. */
export function fieldRule(type: string, field: string): FieldRule | undefined {
  if (!Object.hasOwn(RULES, type)) return undefined;
  const rules = RULES[type] ?? {};
  return Object.hasOwn(rules, field) ? rules[field] : rules["*"];
}

/** What an argument needs beyond the rule of its field, when it has a value other than false. */
export interface ArgumentRule {
  /** `input.registerIfAbsent`. */
  readonly path: string;
  readonly scopes: RequiredScopes;
}

const ARGUMENT_RULES: Readonly<Record<string, readonly ArgumentRule[]>> = {
  "Mutation.bookAppointment": [{ path: "input.registerIfAbsent", scopes: allOf("register") }],
};

export function argumentRules(type: string, field: string): readonly ArgumentRule[] {
  return ARGUMENT_RULES[`${type}.${field}`] ?? [];
}
