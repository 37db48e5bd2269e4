import type { BookAppointmentInput, BookMutation } from "./generated/graphql.js";
import { BOOK, BOOKING_OUTCOME } from "./operations.js";
import { type GraphQLResponse, send } from "./request.js";

export type BookingResult = NonNullable<BookMutation["bookAppointment"]>;
export type Booked = Extract<BookingResult, { __typename: "AppointmentBooked" }>;

/** What is established. `unknown` is not a failure: the appointment may stand. */
export type Outcome =
  | { readonly kind: "booked"; readonly booked: Booked }
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "unknown"; readonly settlesAt?: string };

function toOutcome(result: BookingResult): Outcome {
  switch (result.__typename) {
    case "AppointmentBooked":
      return { kind: "booked", booked: result };
    case "BookingOutcomeUnknown":
      return { kind: "unknown", settlesAt: result.settlesAt };
    // Every other member is a SpineProblem, also one that a later version adds.
    default:
      return { kind: "refused", message: result.message };
  }
}

function firstError({ errors }: GraphQLResponse<unknown>): Outcome {
  return { kind: "refused", message: errors?.[0]?.message ?? "The service gave no result." };
}

export type Booking = BookAppointmentInput & { readonly idempotencyKey: string };

/**
 * Books. The caller makes the key, so that also a lost response can be followed up: with the same key no second
 * appointment is ever made.
 */
export async function book(input: Booking): Promise<Outcome> {
  try {
    const response = await send(BOOK, { input });
    const result = response.data?.bookAppointment;
    return result ? toOutcome(result) : firstError(response);
  } catch {
    return { kind: "unknown" };
  }
}

/** Polls until the outcome is known. A poll makes no call to the practice, so that it is cheap and safe. */
export async function awaitOutcome(
  input: Booking,
  { intervalMs, onUnknown }: { intervalMs: number; onUnknown(settlesAt: string | undefined): void },
): Promise<Outcome> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
    const outcome = await fetchOutcome(input);
    if (outcome.kind !== "unknown") return outcome;
    onUnknown(outcome.settlesAt);
  }
}

async function fetchOutcome(input: Booking): Promise<Outcome> {
  try {
    const response = await send(BOOKING_OUTCOME, { handle: input.idempotencyKey });
    const result = response.data?.bookingOutcome;
    if (result) return toOutcome(result);
    if (response.errors?.some(({ extensions }) => extensions?.reason === "NOT_BOOKED")) {
      return { kind: "refused", message: "Nothing was booked. Choose a slot again." };
    }
    // Another error says nothing about the booking. Null without an error: the booking has not arrived, but it still
    // may. Sending it again with the same key is safe, and choosing another slot is not.
    return response.errors ? { kind: "unknown" } : await book(input);
  } catch {
    return { kind: "unknown" };
  }
}
