import type { PracticeAppointment } from "../../domain/appointment.js";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { NhsNumber } from "../../domain/nhs-number.js";
import { UpstreamError } from "../../platform/errors.js";
import type { CallContext } from "../call-context.js";
import { upstreamError } from "../upstream-errors.js";
import type { Exchange, SuccessResponse } from "./exchange.js";
import { INTERACTIONS, type Interaction } from "./interactions.js";
import { type ExpectedAppointment, toAppointment } from "./map-appointment.js";
import { toSegment } from "./request-url.js";
import { UnusableResponse } from "./unusable-response.js";

/** A create or a change of one appointment. */
export interface AppointmentWrite {
  readonly interaction: Interaction;
  readonly method: "POST" | "PUT";
  readonly path: string;
  /** JSON, as it is sent. */
  readonly body: string;
  /** The version that a change is based on. */
  readonly versionId?: string;
  readonly nhsNumber?: NhsNumber | undefined;
  readonly expected: ExpectedAppointment;
}

type Written = { readonly appointment: PracticeAppointment } | { readonly onlyId: string };

/**
 * Sends the write and returns the appointment as it now is. A practice may respond without a body; then the appointment is
 * read. When that read fails, the write has taken effect all the same, so the error says that its outcome is unknown and
 * never that it was refused.
 */
export async function writeAppointment(
  exchange: Exchange,
  practice: DirectoryEntry,
  { expected, ...request }: AppointmentWrite,
  context: CallContext,
): Promise<PracticeAppointment> {
  const read = (response: SuccessResponse): Written =>
    response.isEmpty
      ? { onlyId: expected.id ?? idFromLocation(response.headers.location) }
      : { appointment: toAppointment(response.body, { ...expected, etag: response.headers.etag }) };
  const written = await exchange(practice, { ...request, read }, context);
  if ("appointment" in written) return written.appointment;
  try {
    return await exchange(
      practice,
      {
        interaction: INTERACTIONS.readAppointment,
        method: "GET",
        path: `Appointment/${toSegment(written.onlyId)}`,
        nhsNumber: request.nhsNumber,
        reconcilesWrite: true,
        read: ({ body, headers }) =>
          toAppointment(body, { ...expected, id: written.onlyId, etag: headers.etag }),
      },
      context,
    );
  } catch (error) {
    throw error instanceof UpstreamError ? unreadWrite(error) : error;
  }
}

function unreadWrite(cause: UpstreamError): UpstreamError {
  const details = {
    service: cause.service === "SSP" ? "SSP" : "PROVIDER",
    httpStatus: cause.httpStatus,
    reason: "INCOMPLETE_RESOURCE",
    retryable: false,
    outcomeUnknown: true,
  } as const;
  return upstreamError({ ...details, code: "UPSTREAM_BAD_RESPONSE" }, cause);
}

/**
 * `[base]/Appointment/[id]/_history/[version]`. Only the id is used: the address is the practice's own, without the
 * proxy, and is never called.
 */
function idFromLocation(location: string | undefined): string {
  const id = /\/Appointment\/([A-Za-z0-9.-]{1,64})(?:\/_history\/[^/]*)?$/.exec(location ?? "")?.[1];
  if (id === undefined) throw new UnusableResponse("INCOMPLETE_RESOURCE");
  return id;
}
