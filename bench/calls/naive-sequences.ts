import { addLondonDays, nearestLondonMidnights, toLondonDateTime } from "../../src/domain/london-time.js";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { NaiveSteps } from "../kit/naive-steps.js";

/**
 * The journeys of design section 1 as a careful script would make them: one call after another, no repeated call within
 * a journey, nothing shared between journeys, no cache.
 */

export async function naiveStatus(steps: NaiveSteps, nhsNumber: NhsNumber): Promise<void> {
  await steps.trace(nhsNumber);
  await steps.status(await steps.findSpine(), nhsNumber);
}

export async function naiveSlots(steps: NaiveSteps, nhsNumber: NhsNumber): Promise<void> {
  const practice = await steps.findPractice(await steps.trace(nhsNumber));
  await steps.slots(practice);
}

export async function naiveCard(steps: NaiveSteps, nhsNumber: NhsNumber): Promise<void> {
  const odsCode = await steps.trace(nhsNumber);
  await steps.status(await steps.findSpine(), nhsNumber);
  const practice = await steps.findPractice(odsCode);
  await steps.capabilities(practice);
  await steps.slots(practice);
}

/** The slot is known because it was shown. The look-ups are repeated, because nothing is cached. */
export async function naiveBooking(steps: NaiveSteps, nhsNumber: NhsNumber): Promise<void> {
  const practice = await steps.findPractice(await steps.trace(nhsNumber));
  const patientId = await steps.findPatient(practice, nhsNumber);
  const start = addLondonDays(nearestLondonMidnights(Date.now()).after, 1);
  const times = { start: toLondonDateTime(start), end: toLondonDateTime(start + TEN_MINUTES_MS) };
  await steps.book(practice, patientId, { id: "1", locationId: "l1", ...times });
}

const TEN_MINUTES_MS = 600_000;
