import { randomUUID } from "node:crypto";
import type { NhsNumber } from "../../domain/nhs-number.js";
import type { PatientRecord } from "../../domain/patient.js";
import type { CallContext } from "../../platform/call-context.js";
import type { CallDescription } from "../../platform/call-log.js";
import type { Clock } from "../../platform/clock.js";
import { type HttpAnswer, type HttpClient, HttpFailure } from "../../platform/http.js";
import { type CallResult, recordedCall } from "../../platform/recorded-call.js";
import { badResponse, failureToError, statusToError } from "../../platform/upstream-failures.js";
import { currentNumber, toPatientRecord } from "./map.js";
import { readPatient, readSpineCodes } from "./wire.js";

/**
 * What PDS says of a number. `invalidated`: the number was a mistake and must not be used; `not-found`: the
 * number may be wrong. To a user these are different things (PDS notes, section 5).
 */
export type PdsReadResult =
  | { readonly kind: "found"; readonly record: PatientRecord }
  | { readonly kind: "not-found" }
  | { readonly kind: "invalidated" };

/** The Personal Demographics Service, read side. */
export interface PdsClient {
  /**
   * Reads one record by NHS number. A superseded number brings the current record, which keeps the number asked for.
   *
   * @throws UpstreamError of service PDS; `reason` is Spine's own code where it gave one.
   */
  readPatient(nhsNumber: NhsNumber, context: CallContext): Promise<PdsReadResult>;
}

export interface PdsClientOptions {
  /** FHIR base, with or without a trailing slash. */
  readonly url: string;
  readonly http: HttpClient;
  readonly clock: Clock;
  /** For each request, head and body. */
  readonly timeoutMs: number;
  /** Gives the whole value of the `Authorization` header (`Bearer …`). Left out, none is sent: the sandbox has no authorisation. */
  readonly authorization?: ((context: CallContext) => Promise<string>) | undefined;
}

const READ: CallDescription = { service: "PDS", interaction: "Patient.read", target: null };

/** Builds the client over the PDS FHIR API (R4). Sends nothing until asked. */
export function createPdsClient(options: PdsClientOptions): PdsClient {
  const { http, clock, timeoutMs, authorization } = options;
  const base = options.url.replace(/\/+$/, "");

  return {
    async readPatient(nhsNumber, context) {
      // Kept over all attempts: by its id PDS knows a repeat (PDS notes, section 9).
      const headers: Record<string, string> = {
        Accept: "application/fhir+json",
        "X-Request-ID": randomUUID(),
        "X-Correlation-ID": context.correlationId,
        // Formally optional, but mandatory for a server that serves several organisations (PDS notes, section 4).
        "NHSD-End-User-Organisation-ODS": context.caller.organisation.odsCode,
      };
      const send = async () => {
        const url = `${base}/Patient/${nhsNumber}`;
        const answer = await http
          .request({ method: "GET", url, headers, timeoutMs, signal: context.signal })
          .catch((error: unknown) => {
            throw error instanceof HttpFailure ? failureToError(error, "PDS") : error;
          });
        return readAnswer(answer, nhsNumber, clock.now());
      };
      return recordedCall(context, READ, { nhsNumber }, send, {
        prepare: async () => {
          if (authorization) headers.Authorization = await authorization(context);
        },
      });
    },
  };
}

/** Reads the answer of a retrieve by status and Spine code, never by severity or text (PDS notes, sections 5 and 8). */
function readAnswer(answer: HttpAnswer, requested: NhsNumber, now: number): CallResult<PdsReadResult> {
  const httpStatus = answer.status;
  if (httpStatus < 200 || httpStatus > 299) {
    const codes = readSpineCodes(answer.body);
    if (httpStatus === 404 && codes.includes("INVALIDATED_RESOURCE")) {
      return { value: { kind: "invalidated" }, httpStatus, notFound: true };
    }
    if (httpStatus === 404 && codes.includes("RESOURCE_NOT_FOUND")) {
      return { value: { kind: "not-found" }, httpStatus, notFound: true };
    }
    throw statusToError(httpStatus, "PDS", codes[0], answer);
  }
  const reading = readPatient(answer.body);
  if (reading.kind === "unreadable") throw badResponse("PDS", reading.reason, httpStatus);
  const current = currentNumber(reading.patient, requested);
  if (!current) throw badResponse("PDS", "WRONG_PATIENT", httpStatus);
  const record = toPatientRecord(reading.patient, { current, requested }, now);
  return { value: { kind: "found", record }, httpStatus };
}
