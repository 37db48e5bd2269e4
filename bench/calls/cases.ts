import { addLondonDays, nearestLondonMidnights, toLondonDateTime } from "../../src/domain/london-time.js";
import { toWindows } from "../../src/domain/slot-windows.js";
import { nhsNumbers, PRACTICES_WITH_PATIENTS, practiceCode } from "../upstreams/people.js";
import type { Case } from "./case.js";
import { calls, NOTHING } from "./minimum-cost.js";
import { naiveBooking, naiveCard, naiveSlots, naiveStatus } from "./naive-sequences.js";
import { cardRequest, forPatient, showAndBook } from "./requests.js";

const ENTITIES = 50;
const WEEKS = 12;

const [patient = "" as never] = nhsNumbers(1);
const many = nhsNumbers(ENTITIES);
const practice = practiceCode(0);

/** From the next midnight on, so that every window has whole days. */
const from = nearestLondonMidnights(Date.now()).after;
const range = { from, to: addLondonDays(from, WEEKS * 7) };
const windows = toWindows(range);

/**
 * The table of design section 5. Each minimum is derived by hand. A round of SDS over FHIR has two parallel requests:
 * Device has the ASID, Endpoint has the address, and no request returns both.
 */
export const CASES: readonly Case[] = [
  {
    name: "demographics",
    request: forPatient(patient, "nhsNumber name { display } dateOfBirth"),
    cold: { calls: calls({ PDS: 1 }), paths: [["PDS"]], reason: "only PDS holds them" },
    again: NOTHING,
    naive: async (steps) => void (await steps.trace(patient)),
  },
  {
    name: "chargeable status",
    request: forPatient(patient, "chargeableStatus { recorded status { code } }"),
    cold: {
      calls: calls({ PDS: 1, SDS: 2, VM: 1 }),
      paths: [
        ["PDS", "VM"],
        ["SDS", "VM"],
      ],
      reason: "V&M needs the current number from PDS and the address from SDS; these two are independent",
    },
    again: {
      calls: calls({ VM: 1 }),
      paths: [["VM"]],
      reason: "a chargeable status is never cached; number and address are",
    },
    naive: (steps) => naiveStatus(steps, patient),
  },
  {
    name: "the practice's code",
    request: forPatient(patient, "practice { odsCode }"),
    cold: { calls: calls({ PDS: 1 }), paths: [["PDS"]], reason: "PDS has it, and nothing else is selected" },
    again: NOTHING,
    naive: async (steps) => void (await steps.trace(patient)),
  },
  {
    name: "capabilities",
    request: forPatient(patient, "practice { capabilities { canBookAppointments } }"),
    cold: {
      calls: calls({ PDS: 1, SDS: 2, SSP: 1 }),
      paths: [["PDS", "SDS", "SSP"]],
      reason: "each step needs the one before: the practice, its address, its capability statement",
    },
    again: {
      ...NOTHING,
      reason: "the directory entry is cached for the session, the statement for the deployment",
    },
    naive: async (steps) => {
      const entry = await steps.findPractice(await steps.trace(patient));
      await steps.capabilities(entry);
    },
  },
  {
    name: "free slots, two weeks",
    request: forPatient(patient, "practice { freeSlots { id start } }"),
    cold: {
      calls: calls({ PDS: 1, SDS: 2, SSP: 1 }),
      paths: [["PDS", "SDS", "SSP"]],
      reason: "each step needs the one before; a practice accepts two weeks in one call",
    },
    again: {
      calls: calls({ SSP: 1 }),
      paths: [["SSP"]],
      reason: "slots are never cached; the practice and its address are",
    },
    naive: (steps) => naiveSlots(steps, patient),
  },
  {
    name: "a practice's capabilities and slots",
    request: {
      query:
        "query ($odsCode: ID!) { practice(odsCode: $odsCode) { capabilities { canBookAppointments } freeSlots { start } } }",
      variables: { odsCode: practice },
    },
    cold: {
      calls: calls({ SDS: 2, SSP: 2 }),
      paths: [["SDS", "SSP"]],
      reason: "two resources after one look-up, independent of each other",
    },
    again: { calls: calls({ SSP: 1 }), paths: [["SSP"]], reason: "the statement is cached, slots are not" },
    naive: async (steps) => {
      const entry = await steps.findPractice(practice);
      await steps.capabilities(entry);
      await steps.slots(entry);
    },
  },
  {
    name: `free slots, ${WEEKS} weeks`,
    request: {
      query:
        "query ($odsCode: ID!, $from: DateTime, $to: DateTime) { practice(odsCode: $odsCode) { freeSlots(from: $from, to: $to) { id start } } }",
      variables: {
        odsCode: practice,
        from: toLondonDateTime(range.from),
        to: toLondonDateTime(range.to),
      },
    },
    cold: {
      calls: calls({ SDS: 2, SSP: WEEKS / 2 }),
      paths: [["SDS", "SSP"]],
      reason: "practices refuse more than 14 days in one call; the windows are independent",
    },
    again: {
      calls: calls({ SSP: WEEKS / 2 }),
      paths: [["SSP"]],
      reason: "slots are never cached; the look-up is",
    },
    naive: async (steps) => {
      const entry = await steps.findPractice(practice);
      for (const window of windows) await steps.slots(entry, window);
    },
  },
  {
    name: "the same field by two aliases and on two paths",
    request: forPatient(
      patient,
      "a: practice { freeSlots { start } } b: practice { x: freeSlots { end } y: freeSlots { start } }",
    ),
    cold: {
      calls: calls({ PDS: 1, SDS: 2, SSP: 1 }),
      paths: [["PDS", "SDS", "SSP"]],
      reason: "it is the same data, however often it is selected",
    },
    again: { calls: calls({ SSP: 1 }), paths: [["SSP"]], reason: "the same as with one alias" },
    // A simple script makes all calls for each place in the query.
    naive: async (steps) => {
      for (let place = 0; place < 3; place += 1) await naiveSlots(steps, patient);
    },
  },
  {
    name: `${ENTITIES} patients of ${PRACTICES_WITH_PATIENTS} practices by _entities`,
    request: {
      query:
        "query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Patient { practice { freeSlots { start } } } } }",
      variables: {
        representations: many.map((nhsNumber) => ({ __typename: "Patient", nhsNumber })),
      },
    },
    cold: {
      calls: calls({ PDS: ENTITIES, SDS: 2 * PRACTICES_WITH_PATIENTS, SSP: PRACTICES_WITH_PATIENTS }),
      paths: [["PDS", "SDS", "SSP"]],
      reason:
        "PDS reads one patient per call, SDS over FHIR one organisation per round, and each practice has only its own slots",
    },
    again: {
      calls: calls({ SSP: PRACTICES_WITH_PATIENTS }),
      paths: [["SSP"]],
      reason: "slots are never cached; traces and look-ups are",
    },
    naive: async (steps) => {
      for (const each of many) await naiveSlots(steps, each);
    },
    maxNaiveRuns: 2,
  },
  {
    name: "the card",
    request: cardRequest(patient),
    cold: {
      calls: calls({ PDS: 1, SDS: 4, SSP: 2, VM: 1 }),
      paths: [
        ["PDS", "SDS", "SSP"],
        ["PDS", "VM"],
        ["SDS", "VM"],
      ],
      reason: "the minimum for the status and the minimum for the practice, which share only PDS",
    },
    again: {
      calls: calls({ SSP: 1, VM: 1 }),
      paths: [["SSP"], ["VM"]],
      reason: "slots and status are never cached, and are independent",
    },
    naive: (steps) => naiveCard(steps, patient),
  },
  {
    name: "a booking, after slots were shown",
    request: { query: "", variables: {} },
    prepare: (send) => showAndBook(send, patient),
    again: {
      calls: calls({ SSP: 2 }),
      paths: [["SSP", "SSP"]],
      reason: "the patient id of the practice is never cached, and the appointment needs it",
    },
    naive: (steps) => naiveBooking(steps, patient),
  },
];
