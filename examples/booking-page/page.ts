/** Find a patient, choose a slot, book it, cancel it. Plain DOM: what is of interest here is how results are handled. */
import { awaitOutcome, type Booked, type Booking, book, type Outcome } from "./booking.js";
import type { FindPatientQuery } from "./generated/graphql.js";
import { CANCEL, FIND_PATIENT } from "./operations.js";
import { send } from "./request.js";

type Patient = NonNullable<FindPatientQuery["patient"]>;

const POLL_MS = Number(document.body.dataset.pollMs);

function element<Type extends HTMLElement>(id: string, type: new () => Type): Type {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page lacks ${id}`);
  return found;
}

const status = element("status", HTMLElement);
const details = element("patient", HTMLElement);
const form = element("find", HTMLFormElement);
const nhsNumber = element("nhs-number", HTMLInputElement);

/** Texts are set as text, never as HTML: names come from other systems. */
function create(tag: string, text: string): HTMLElement {
  const created = document.createElement(tag);
  created.textContent = text;
  return created;
}

function button(text: string, onClick: () => Promise<void>): HTMLElement {
  const created = create("button", text);
  created.addEventListener("click", () => void onClick());
  return created;
}

const time = new Intl.DateTimeFormat("en-GB", {
  dateStyle: "full",
  timeStyle: "short",
  timeZone: "Europe/London",
});
const toText = (instant: string) => time.format(new Date(instant));

function chargeableText({ chargeableStatus }: Patient): string {
  if (!chargeableStatus) return "Chargeable status: not known at the moment";
  // No record never means "not chargeable".
  if (!chargeableStatus.recorded) return "Chargeable status: no record";
  return `Chargeable status: ${chargeableStatus.status?.display ?? "not given"}, ${chargeableStatus.category?.display ?? "no category"}`;
}

async function findPatient(): Promise<void> {
  status.textContent = "Searching…";
  details.replaceChildren();
  const { data, errors } = await send(FIND_PATIENT, { nhsNumber: nhsNumber.value });
  if (!data?.patient) {
    status.textContent = errors?.[0]?.message ?? "PDS knows no such patient.";
    return;
  }
  status.textContent = "Patient found.";
  showPatient(data.patient);
}

function showPatient(patient: Patient): void {
  const { name, dateOfBirth, practice } = patient;
  const slots = practice?.nextFreeSlots;
  const list = document.createElement("ul");
  for (const slot of slots ?? []) {
    const text = [toText(slot.start), slot.deliveryChannel, slot.location?.name].filter(Boolean).join(", ");
    const item = document.createElement("li");
    item.append(button(`Book ${text}`, () => bookSlot(patient.nhsNumber, slot.id)));
    list.append(item);
  }
  details.replaceChildren(
    create("h2", name?.display ?? "Name withheld"),
    create("p", `Born ${dateOfBirth ?? "on an unknown date"}. ${chargeableText(patient)}`),
    create("h3", practice?.name ?? practice?.odsCode ?? "No practice"),
    // Null is not an empty list: the practice could not be read.
    ...(slots ? [list] : [create("p", "The free slots are not known at the moment.")]),
    ...(slots?.length === 0 ? [create("p", "The practice has no free slots.")] : []),
  );
}

async function bookSlot(patientNumber: string, slotId: string): Promise<void> {
  const idempotencyKey = crypto.randomUUID();
  details.replaceChildren();
  status.textContent = "Booking…";
  const input = {
    nhsNumber: patientNumber,
    slotIds: [slotId],
    description: "Routine review",
    idempotencyKey,
  };
  const first = await book(input);
  showOutcome(first.kind === "unknown" ? await followUp(input, first.settlesAt) : first);
}

function followUp(input: Booking, settlesAt: string | undefined): Promise<Outcome> {
  const show = (instant: string | undefined) => {
    const when = instant === undefined ? "" : ` It will be known after ${toText(instant)}.`;
    status.textContent = `It is not known yet whether the appointment is booked. Do not book again.${when}`;
  };
  show(settlesAt);
  return awaitOutcome(input, { intervalMs: POLL_MS, onUnknown: show });
}

function showOutcome(outcome: Outcome): void {
  if (outcome.kind === "booked") showBooked(outcome.booked);
  else if (outcome.kind === "refused") status.textContent = outcome.message;
}

function showBooked({ appointment, warnings }: Booked): void {
  const { id, version, start } = appointment;
  status.textContent = [`Booked for ${start ? toText(start) : "the chosen time"}.`, ...warnings].join(" ");
  if (version) details.replaceChildren(button("Cancel this appointment", () => cancel(id, version)));
}

async function cancel(id: string, version: string): Promise<void> {
  status.textContent = "Cancelling…";
  const { data, errors } = await send(CANCEL, { input: { id, version, reason: "Cancelled by the patient" } });
  const result = data?.cancelAppointment;
  if (result?.__typename === "AppointmentCancelled") {
    details.replaceChildren();
    status.textContent = "Cancelled.";
  } else {
    status.textContent = result?.message ?? errors?.[0]?.message ?? "The service gave no result.";
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void findPatient();
});
