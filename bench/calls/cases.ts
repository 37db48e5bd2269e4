import { addLondonDays, nearestLondonMidnights, toLondonDateTime } from "../../src/domain/london-time.js";
import { toWindows } from "../../src/domain/slot-windows.js";
import { nhsNumbers, PRACTICES_WITH_PATIENTS, practiceCode } from "../upstreams/people.js";
import { calls, NOTHING } from "./budget.js";
import type { Case } from "./case.js";
import { naiveBooking, naiveCard, naiveSlots, naiveStatus } from "./naive-walks.js";
import { cardQuestion, forPatient, showAndBook } from "./questions.js";

const ENTITIES = 50;
const WEEKS = 12;

const [patient = "" as never] = nhsNumbers(1);
const many = nhsNumbers(ENTITIES);
const practice = practiceCode(0);

/** From the next midnight on, so that a window is whole days and none is spent on the rest of today. */
const from = nearestLondonMidnights(Date.now()).after;
const range = { from, to: addLondonDays(from, WEEKS * 7) };
const windows = toWindows(range);

/**
 * The table of design section 5, each number derived by hand. A round of SDS is two requests over FHIR, sent
 * together: an ASID stands in a Device, an address in an Endpoint, and no request brings both.
 */
export const CASES: readonly Case[] = [
  {
    name: "demographics",
    question: forPatient(patient, "nhsNumber name { display } dateOfBirth"),
    cold: { calls: calls({ PDS: 1 }), ways: [["PDS"]], because: "only PDS holds them" },
    again: NOTHING,
    naive: async (steps) => void (await steps.trace(patient)),
  },
  {
    name: "chargeable status",
    question: forPatient(patient, "chargeableStatus { recorded status { code } }"),
    cold: {
      calls: calls({ PDS: 1, SDS: 2, VM: 1 }),
      ways: [
        ["PDS", "VM"],
        ["SDS", "VM"],
      ],
      because:
        "V&M is asked with a current number, which PDS knows, at an address, which SDS knows; neither needs the other",
    },
    again: {
      calls: calls({ VM: 1 }),
      ways: [["VM"]],
      because: "a chargeable status is never kept; number and address are",
    },
    naive: (steps) => naiveStatus(steps, patient),
  },
  {
    name: "the practice's code",
    question: forPatient(patient, "practice { odsCode }"),
    cold: { calls: calls({ PDS: 1 }), ways: [["PDS"]], because: "PDS names it, and no more is asked" },
    again: NOTHING,
    naive: async (steps) => void (await steps.trace(patient)),
  },
  {
    name: "capabilities",
    question: forPatient(patient, "practice { capabilities { canBookAppointments } }"),
    cold: {
      calls: calls({ PDS: 1, SDS: 2, SSP: 1 }),
      ways: [["PDS", "SDS", "SSP"]],
      because: "each step needs the one before: which practice, where it is, what it says",
    },
    again: { ...NOTHING, because: "the directory's entry serves the session, the statement the deployment" },
    naive: async (steps) => {
      const entry = await steps.findPractice(await steps.trace(patient));
      await steps.capabilities(entry);
    },
  },
  {
    name: "free slots, a fortnight",
    question: forPatient(patient, "practice { freeSlots { id start } }"),
    cold: {
      calls: calls({ PDS: 1, SDS: 2, SSP: 1 }),
      ways: [["PDS", "SDS", "SSP"]],
      because: "each step needs the one before; a practice answers for a fortnight in one call",
    },
    again: { calls: calls({ SSP: 1 }), ways: [["SSP"]], because: "slots are never kept; the way to them is" },
    naive: (steps) => naiveSlots(steps, patient),
  },
  {
    name: "a practice's capabilities and slots",
    question: {
      query:
        "query ($odsCode: ID!) { practice(odsCode: $odsCode) { capabilities { canBookAppointments } freeSlots { start } } }",
      variables: { odsCode: practice },
    },
    cold: {
      calls: calls({ SDS: 2, SSP: 2 }),
      ways: [["SDS", "SSP"]],
      because: "two resources behind one look-up; neither answer needs the other",
    },
    again: { calls: calls({ SSP: 1 }), ways: [["SSP"]], because: "the statement is kept, slots are not" },
    naive: async (steps) => {
      const entry = await steps.findPractice(practice);
      await steps.capabilities(entry);
      await steps.slots(entry);
    },
  },
  {
    name: `free slots, ${WEEKS} weeks`,
    question: {
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
      ways: [["SDS", "SSP"]],
      because: "practices refuse more than 14 days in one call; no window needs another's answer",
    },
    again: {
      calls: calls({ SSP: WEEKS / 2 }),
      ways: [["SSP"]],
      because: "slots are never kept; the look-up is",
    },
    naive: async (steps) => {
      const entry = await steps.findPractice(practice);
      for (const window of windows) await steps.slots(entry, window);
    },
  },
  {
    name: "the same field by two aliases and on two paths",
    question: forPatient(
      patient,
      "a: practice { freeSlots { start } } b: practice { x: freeSlots { end } y: freeSlots { start } }",
    ),
    cold: {
      calls: calls({ PDS: 1, SDS: 2, SSP: 1 }),
      ways: [["PDS", "SDS", "SSP"]],
      because: "it is one question, however often it is written",
    },
    again: { calls: calls({ SSP: 1 }), ways: [["SSP"]], because: "as once" },
    // A script that knows of no other walks the whole way for each place in the query.
    naive: async (steps) => {
      for (let place = 0; place < 3; place += 1) await naiveSlots(steps, patient);
    },
  },
  {
    name: `${ENTITIES} patients of ${PRACTICES_WITH_PATIENTS} practices by _entities`,
    question: {
      query:
        "query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Patient { practice { freeSlots { start } } } } }",
      variables: {
        representations: many.map((nhsNumber) => ({ __typename: "Patient", nhsNumber })),
      },
    },
    cold: {
      calls: calls({ PDS: ENTITIES, SDS: 2 * PRACTICES_WITH_PATIENTS, SSP: PRACTICES_WITH_PATIENTS }),
      ways: [["PDS", "SDS", "SSP"]],
      because:
        "PDS reads one patient a call, SDS over FHIR one organisation a round, a practice speaks for itself only",
    },
    again: {
      calls: calls({ SSP: PRACTICES_WITH_PATIENTS }),
      ways: [["SSP"]],
      because: "slots are never kept; traces and look-ups are",
    },
    naive: async (steps) => {
      for (const each of many) await naiveSlots(steps, each);
    },
    mostNaiveRuns: 2,
  },
  {
    name: "the card",
    question: cardQuestion(patient),
    cold: {
      calls: calls({ PDS: 1, SDS: 4, SSP: 2, VM: 1 }),
      ways: [
        ["PDS", "SDS", "SSP"],
        ["PDS", "VM"],
        ["SDS", "VM"],
      ],
      because: "the least for the status and the least for the practice, which have only PDS in common",
    },
    again: {
      calls: calls({ SSP: 1, VM: 1 }),
      ways: [["SSP"], ["VM"]],
      because: "slots and status are never kept, and neither needs the other",
    },
    naive: (steps) => naiveCard(steps, patient),
  },
  {
    name: "a booking, after slots were shown",
    question: { query: "", variables: {} },
    prepare: (ask) => showAndBook(ask, patient),
    again: {
      calls: calls({ SSP: 2 }),
      ways: [["SSP", "SSP"]],
      because:
        "the practice's own id of the patient is never kept, and the appointment cannot be made without",
    },
    naive: (steps) => naiveBooking(steps, patient),
  },
];
