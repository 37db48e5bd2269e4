import type { Clock } from "../../platform/clock.js";
import { toBookingBody } from "./booking-body.js";
import { toAmendedText, toCancelledText, toReceivedText } from "./changed-resource.js";
import type { Exchange } from "./exchange.js";
import type { AboutPatient, GpConnectClient, ReceivedAppointment } from "./gp-connect-client.js";
import { INTERACTIONS, type Interaction } from "./interactions.js";
import { type ExpectedAppointment, toAppointment } from "./map-appointment.js";
import { toAppointmentList } from "./map-appointment-list.js";
import { toQuery, toSegment } from "./request-url.js";
import { expectResource, UnusableResponse } from "./unusable-response.js";
import { writeAppointment } from "./written-appointment.js";

type AppointmentMethods = Pick<
  GpConnectClient,
  "createAppointment" | "fetchAppointments" | "readAppointment" | "cancelAppointment" | "amendAppointment"
>;

/** Appointments at a practice: book, list, read, cancel, amend (GP Connect notes, sections 8.5 to 8.9). */
export function createAppointmentMethods(
  exchange: Exchange,
  clock: Clock,
  serviceFiltering: boolean,
): AppointmentMethods {
  return {
    createAppointment: (practice, requested, context) => {
      // A practice before 1.2.8 need not accept a service as a participant.
      const booking = serviceFiltering ? requested : { ...requested, healthcareServiceId: undefined };
      const create = {
        interaction: INTERACTIONS.createAppointment,
        method: "POST",
        path: "Appointment",
        body: JSON.stringify(toBookingBody(booking, context.caller.organisation, clock.now())),
        nhsNumber: booking.nhsNumber,
        expected: { patientId: booking.patientId },
      } as const;
      return writeAppointment(exchange, practice, create, context);
    },

    fetchAppointments: (practice, patientId, { from, to }, context, about) => {
      const query = toQuery([
        ["start", `ge${from}`],
        ["start", `le${to}`],
      ]);
      const search = {
        interaction: INTERACTIONS.fetchAppointments,
        method: "GET",
        path: `Patient/${toSegment(patientId)}/Appointment?${query}`,
        nhsNumber: about?.nhsNumber,
        read: ({ body }: { readonly body: unknown }) => toAppointmentList(body, patientId),
      } as const;
      return exchange(practice, search, context);
    },

    readAppointment: (practice, id, context, about) =>
      exchange(
        practice,
        {
          interaction: INTERACTIONS.readAppointment,
          method: "GET",
          path: `Appointment/${toSegment(id)}`,
          nhsNumber: about.nhsNumber,
          read: ({ text, body, headers }) =>
            toReceived(text, body, { id, patientId: about.patientId, etag: headers.etag }),
        },
        context,
      ),

    cancelAppointment: (practice, received, reason, context, about) => {
      const body = toCancelledText(received.resource, reason);
      const change = toChange(INTERACTIONS.cancelAppointment, received, body, about);
      const expected = { ...change.expected, status: "cancelled" };
      return writeAppointment(exchange, practice, { ...change, expected }, context);
    },

    amendAppointment: (practice, received, changes, context, about) => {
      const body = toAmendedText(received.resource, changes);
      const change = toChange(INTERACTIONS.amendAppointment, received, body, about);
      return writeAppointment(exchange, practice, change, context);
    },
  };
}

/**
 * @throws UnusableResponse when the resource is not the expected appointment, cannot be sent back, or has no version: a
 *   change without one would overwrite whatever is there.
 */
function toReceived(text: string, body: unknown, expected: ExpectedAppointment): ReceivedAppointment {
  const resource = expectResource(body, "Appointment");
  const appointment = toAppointment(resource, expected);
  if (appointment.versionId === "") throw new UnusableResponse("INCOMPLETE_RESOURCE");
  return { appointment, resource: toReceivedText(text, resource) };
}

function toChange(
  interaction: Interaction,
  { appointment }: ReceivedAppointment,
  body: string,
  about: Pick<AboutPatient, "nhsNumber"> | undefined,
) {
  // Every received appointment names its patient; were one without, no response would match the empty text.
  const { id, versionId, patientId = "" } = appointment;
  return {
    interaction,
    method: "PUT",
    path: `Appointment/${toSegment(id)}`,
    body,
    versionId,
    nhsNumber: about?.nhsNumber,
    expected: { id, patientId },
  } as const;
}
