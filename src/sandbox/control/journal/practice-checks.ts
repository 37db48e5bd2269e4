import { check, type RuleCheck } from "./rule.js";

/** What a practice checks of every request, in its order. */
const OF_ALL: readonly RuleCheck[] = [
  check("S-2", /^No such practice$/, "The address of a practice that SDS lists"),
  check("S-4", /^GP Connect is not enabled/, "A practice at which GP Connect is enabled"),
  check("S-1", /^Header (\S+) is missing$/, "The header $1"),
  check("P-H7", /^Ssp-InteractionID /, "The Ssp-InteractionID of this method and path"),
  check("P-H3", /^Accept is missing$/, "The header Accept: application/fhir+json"),
  check("P-H3", /^Only application\/fhir\+json is served$/, "Accept or _format with application/fhir+json"),
  check("P-H3", /^The body must be application/, "The header Content-Type: application/fhir+json"),
  check("P-J2", /^Authorization header missing/, "The header Authorization with a bearer token"),
  check(
    "P-J2",
    /^JWT (must have three parts|header|payload)/,
    "An unsigned JWT: base64url header and payload, then a dot",
  ),
  check("P-J3", /^JWT claim (\w+) missing or not a text$/, "The claim $1 in the audit token"),
  check("P-J4", /^JWT iat and exp must be whole seconds$/, "iat and exp in whole seconds, not milliseconds"),
  check("P-J4", /^JWT exp must be iat \+ 300$/, "exp exactly 300 seconds after iat"),
  check("P-J6", /^JWT has expired$/, "An audit token issued in the last five minutes of the sandbox's time"),
  check("P-J3", /^JWT reason_for_request /, "The claim reason_for_request with the value directcare"),
  check("P-J9", /^JWT requested_scope must be (\S+) here$/, "The claim requested_scope with the value $1"),
  check("P-J3", /^JWT requested_record /, "An audit token without the claim requested_record"),
  check("P-J3", /^JWT claim (\w+) missing or not an object$/, "The claim $1 with its resource"),
  check("P-J7", /^JWT claim (\w+) must be a (\w+)$/, "A $2 in the claim $1"),
  check("P-J7", /^JWT claim (\w+) has the unknown element (.+)$/, "The claim $1 without the element $2"),
  check("P-J3", /^JWT requesting_device /, "requesting_device with an identifier, a model and a version"),
  check("P-J3", /^JWT requesting_organization /, "requesting_organization with an ODS code and a name"),
  check("P-J3", /^JWT sub must be /, "requesting_practitioner.id equal to sub"),
  check("P-J7", /^JWT practitioner's family name /, "One text as the practitioner's family name"),
  check(
    "P-J3",
    /^JWT requesting_practitioner /,
    "requesting_practitioner with SDS user id, family and given name",
  ),
];

const IDENTIFIER: readonly RuleCheck[] = [
  check("P-H11", /^Exactly one identifier is needed$/, "The parameter identifier, once"),
  check("P-H12", /^identifier must be system\|value$/, "identifier=system|value with both parts"),
  check("P-H11", /^identifier must be of (.+)$/, "An identifier of the system $1"),
];

/** The description and the comment of a booking or an amendment. */
const TEXTS: readonly RuleCheck[] = [
  check("S-10", /^description is needed$/, "A description"),
  check("S-10", /^(description|comment) (is longer than (\d+)|must be a text)/, "A shorter text in $1"),
];

const BOOK: readonly RuleCheck[] = [
  check("P-B11", /^The body (is not JSON|must be a )/, "A JSON body with the resource type Appointment"),
  check("P-B10", /^reason must not be sent$/, "A booking without reason"),
  check("P-B11", /^(\w+) must not be sent$/, "A booking without the element $1"),
  check("P-B8", /^An identifier has no value$/, "A value on each identifier"),
  check("P-B11", /^meta\.profile must name (.+)$/, "meta.profile with $1"),
  check("P-B5", /^status must be booked$/, "The status booked"),
  check("P-B5", /^start and end are needed$/, "start and end, as the slots have them"),
  check("P-B6", /^A reference to a Slot must be relative$/, "The slot reference Slot/id"),
  check("P-B5", /^At least one slot is needed$/, "At least one slot reference"),
  ...TEXTS,
  check("S-9", /^created must be /, "created as a dateTime with the offset of London"),
  check("P-B11", /^An extension is not known on a booking$/, "The published extensions only"),
  check(
    "P-B12",
    /^The booking organisation must be contained/,
    "A contained Organization and the reference #id to it",
  ),
  check(
    "P-B9",
    /^The booking organisation('s| needs)/,
    "A booking organisation with profile, ODS code, name and telephone number",
  ),
  check("P-B8", /^Every participant must have accepted$/, "The status accepted on each participant"),
  check("P-B7", /^A reference to a (\w+) must be relative$/, "The relative reference $1/id"),
  check("P-B7", /^Exactly one (\w+) must take part$/, "Exactly one participant $1"),
  check(
    "P-B7",
    /^(At most one HealthcareService|A participant is not known)/,
    "Participants of the published types",
  ),
  check("P-B6", /^No slot has this id here$/, "The id of a slot that this practice returned"),
  check(
    "S-8",
    /^start and end must be those of /,
    "start and end copied from the first and the last slot, unchanged",
  ),
  check("S-7", /^The slots are not adjacent/, "Adjacent slots of one schedule, channel and type"),
  check("P-B7", /^No patient has this id here$/, "The id of a patient that this practice returned"),
  check(
    "S-8",
    /^The (location|practitioner|service) is not that of the slot's schedule$/,
    "The $1 of the slot's schedule",
  ),
  check("S-8", /^(\S+) is not that of the slots$/, "$1 of the slots, or none"),
  check("S-5", /^The appointment must start in the future$/, "A slot that has not begun"),
  check("S-12", /^A slot is not released for booking yet$/, "A slot that is released for booking"),
  check(
    "S-12",
    /^The booking organisation has reached its limit$/,
    "Fewer appointments of this booking organisation",
  ),
  check("P-B4", /^Slot is already in use$/, "Free slots: search again and offer another one"),
];

const REGISTER: readonly RuleCheck[] = [
  check("P-G9", /^The body (is not JSON|must be a )/, "A JSON body with the resource type Parameters"),
  check("P-G7", /^Only one parameter registerPatient/, "One parameter registerPatient"),
  check("P-G9", /^A parameter registerPatient with a Patient/, "A parameter registerPatient with a Patient"),
  check(
    "P-G10",
    /^(active|multipleBirth\w+|generalPractitioner|contact|managingOrganization|maritalStatus|animal|communication|photo|deceased\w+) must not be sent$/,
    "A registration without the element $1",
  ),
  check("P-G9", /^(\w+) must not be sent$/, "A registration without the element $1"),
  check("P-G5", /^An identifier has no system$/, "A system on each identifier"),
  check("P-G8", /^Only one NHS number is allowed$/, "One NHS number"),
  check("P-G5", /^Exactly one official name /, "One official name with family and given"),
  check("P-G5", /^birthDate is needed$/, "A birthDate"),
  check("P-G9", /^gender is not a known code$/, "A gender of the value set, or none"),
  check("P-G11", /^Only one home and one temporary address/, "One home and one temporary address at most"),
  check(
    "P-G8",
    /^A telecom is neither /,
    "Telecoms that are an email, or a phone of use home, work, mobile or temp",
  ),
  check("P-G8", /^Only one telecom of each use/, "One telecom of each use"),
  check(
    "P-G12",
    /^(An extension is not known on a registration|Only one nhsCommunication)/,
    "One nhsCommunication at most",
  ),
  check("S-17", /^The practice cannot reach PDS$/, "A PDS that the practice can reach"),
  check("P-G2", /^The NHS number is missing or wrong$/, "An NHS number that passes its check"),
  check("P-G4", /^Not found on PDS$/, "An NHS number that PDS knows"),
  check("P-G3", /^The number is not current on PDS$/, "The current NHS number of the patient"),
  check("P-G4", /^The patient cannot be registered$/, "A patient who is alive and not sensitive"),
  check("P-G4", /^The birth date is not that on PDS$/, "The birth date on PDS"),
  check("P-G6", /^The family name is not that on PDS$/, "The family name on PDS"),
  check(
    "P-G13",
    /^A patient with that NHS number is active/,
    "No registration: the patient is active at the practice",
  ),
];

const SLOTS: readonly RuleCheck[] = [
  check("P-S3", /^Parameter (status|start|end) is missing$/, "The parameter $1"),
  check("S-11", /^Parameter (\w+) is repeated$/, "The parameter $1 once"),
  check("S-11", /^Parameter _include=Slot:schedule is missing$/, "The parameter _include=Slot:schedule"),
  check("S-11", /^Include (\S+) is not known$/, "Published includes only"),
  check("P-S5", /^Parameter status must be free$/, "status=free"),
  check("P-S4", /^Parameter (\w+) must begin with (\w+)$/, "The prefix $2 on $1"),
  check(
    "P-S6",
    /^Parameter (\w+) is no date or UK dateTime$/,
    "$1 as yyyy-mm-dd, or a dateTime with a numeric offset",
  ),
  check("P-S5", /^Parameter (\w+) is not in the calendar$/, "A date of the calendar in $1"),
  check("S-9", /^Parameter (\w+) has the wrong UK offset$/, "The offset of London on that date in $1"),
  check("P-S2", /^end lies before start$/, "An end on or after the start"),
  check("P-S2", /^The range is longer than two weeks$/, "A range of 14 days at most: split a longer one"),
];

const RETRIEVE: readonly RuleCheck[] = [
  check("P-V3", /^No patient has this id here$/, "The id of a patient that this practice returned"),
  check("P-V6", /^Exactly two start parameters are needed$/, "start twice: ge and le"),
  check("P-V4", /^One start must be (\w+) and a date$/, "start=$1 with a plain date yyyy-mm-dd"),
  check("P-V8", /^The range ends before it begins$/, "An end on or after the start"),
  check("P-V7", /^The range must not begin before today$/, "A start that is today or later in London"),
];

/** Amend and cancel share their first checks. */
function change(body: string, version: string, again: string, rest: readonly RuleCheck[]): RuleCheck[] {
  return [
    check(body, /^The body (is not JSON|must be a )/, "A JSON body with the resource type Appointment"),
    check(
      "P-R3",
      /^No appointment has this id here$/,
      "The id of an appointment that this practice returned",
    ),
    check(body, /^The id of the body is not that of the URL$/, "The same id in the body and in the URL"),
    check(version, /^If-Match must be /, 'The header If-Match: W/"version" of the last read'),
    check(
      version,
      /^The appointment has changed since that version$/,
      "The current version in If-Match: read it again",
    ),
    check("S-19", /^A home visit can be changed/, "An appointment that is no home visit"),
    check("S-5", /^The appointment lies in the past$/, "An appointment that has not begun"),
    check(again, /^The appointment is not booked any more$/, "An appointment that is still booked"),
    check(
      again,
      /^An extension has no value$/,
      "No extension without a value, also not one that the practice returned",
    ),
    ...rest,
  ];
}

/** What a practice checks of one interaction, in its order. */
const BY_INTERACTION: Readonly<Record<string, readonly RuleCheck[]>> = {
  "rest:search:patient-1": [
    ...IDENTIFIER,
    check("P-H11", /^The NHS number fails its check$/, "An NHS number that passes its check"),
  ],
  "rest:read:patient-1": [
    check("P-D2", /^No patient has this id here$/, "The id of a patient that this practice returned"),
  ],
  "operation:gpc.registerpatient-1": REGISTER,
  "rest:search:slot-1": SLOTS,
  "rest:create:appointment-1": BOOK,
  "rest:read:appointment-1": [
    check(
      "P-R3",
      /^No appointment has this id here$/,
      "The id of an appointment that this practice returned",
    ),
    check("S-5", /^The appointment lies in the past$/, "An appointment that has not begun"),
  ],
  "rest:update:appointment-1": change("P-M4", "P-M3", "P-M7", [
    ...TEXTS,
    check(
      "P-M2",
      /^(status must stay booked|Only description and comment )/,
      "Changes to description and comment only",
    ),
  ]),
  "rest:cancel:appointment-1": change("P-X1", "P-X5", "P-X1", [
    check("P-X1", /^status must be cancelled$/, "The status cancelled"),
    check(
      "P-X3",
      /^Exactly one cancellation reason is needed$/,
      "One extension with the cancellation reason",
    ),
    check("P-X4", /^The cancellation reason is empty$/, "A cancellation reason"),
    check("P-X2", /^Only status and reason may change/, "Everything else as in the last read"),
  ]),
  "rest:search:patient_appointments-1": RETRIEVE,
  "rest:read:organization-1": [
    check("P-O2", /^No organisation has this id/, "The id of the practice's organisation"),
  ],
  "rest:search:organization-1": IDENTIFIER,
  "rest:read:location-1": [
    check("P-O4", /^No location has this id/, "The id of a location that this practice returned"),
  ],
  "rest:read:practitioner-1": [
    check("P-O6", /^No practitioner has this id/, "The id of a practitioner that this practice returned"),
  ],
  "rest:search:practitioner-1": IDENTIFIER,
};

/** The checks of a practice for one interaction (its URN or suffix), in the order in which they are made. */
export function practiceChecks(interaction: string | undefined): readonly RuleCheck[] {
  const suffix = interaction?.replace(/^urn:nhs:names:services:gpconnect:fhir:/, "") ?? "";
  return [...OF_ALL, ...(Object.hasOwn(BY_INTERACTION, suffix) ? (BY_INTERACTION[suffix] ?? []) : [])];
}
