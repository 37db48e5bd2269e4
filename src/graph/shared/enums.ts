import { registerEnumType } from "type-graphql";

/** Administrative genders of FHIR: a closed list. */
export const Gender = { FEMALE: "female", MALE: "male", OTHER: "other", UNKNOWN: "unknown" } as const;

registerEnumType(Gender, {
  name: "SpineGender",
  description:
    "An administrative gender to search or filter by, from FHIR's closed list. What a service sends is given as text.",
  valuesConfig: {
    FEMALE: { description: "`female`." },
    MALE: { description: "`male`." },
    OTHER: { description: "`other`." },
    UNKNOWN: { description: "`unknown`." },
  },
});

/** The details that are compared before a booking. */
export const DemographicField = {
  BIRTH_DATE: "birthDate",
  FAMILY_NAME: "familyName",
  GENDER: "gender",
  GIVEN_NAME: "givenName",
} as const;

registerEnumType(DemographicField, {
  name: "DemographicField",
  description: "A detail of a patient that PDS and the practice both hold.",
  valuesConfig: {
    BIRTH_DATE: { description: "Date of birth." },
    FAMILY_NAME: { description: "Family name." },
    GENDER: { description: "Gender." },
    GIVEN_NAME: { description: "First given name." },
  },
});

/** The attributes that slots can be filtered by, as the fields of `SlotFilter`. */
export const SlotAttribute = {
  ADJACENT_SLOTS: "adjacentSlots",
  DELIVERY_CHANNELS: "deliveryChannels",
  LOCATION_IDS: "locationIds",
  MINIMUM_MINUTES: "minimumMinutes",
  PRACTITIONER_GENDERS: "practitionerGenders",
  PRACTITIONER_NAME: "practitionerName",
  PRACTITIONER_ROLES: "practitionerRoles",
  SCHEDULE_TYPES: "scheduleTypes",
  TIME_OF_DAY: "timeOfDay",
  TYPES: "types",
  WEEKDAYS: "weekdays",
} as const;

registerEnumType(SlotAttribute, {
  name: "SlotAttribute",
  description: "A field of `SlotFilter`.",
  valuesConfig: Object.fromEntries(
    Object.entries(SlotAttribute).map(([name, field]) => [name, { description: `\`${field}\`.` }]),
  ),
});
