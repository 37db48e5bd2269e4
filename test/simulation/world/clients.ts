import { toLondonDateTime } from "../../../src/domain/london-time.js";
import type { NhsNumber } from "../../../src/domain/nhs-number.js";
import type { OdsCode } from "../../../src/domain/ods-code.js";
import type { PatientRecord, PracticePatient } from "../../../src/domain/patient.js";
import type { Clock } from "../../../src/platform/clock.js";
import type { CallContext } from "../../../src/upstreams/call-context.js";
import type { PdsClient } from "../../../src/upstreams/pds/index.js";
import type { Directory } from "../../../src/upstreams/sds/index.js";
import type { GpConnectClient } from "../../../src/upstreams/ssp/index.js";
import { type Attempt, type CallPurpose, upstreamCall } from "../../../src/upstreams/upstream-call.js";
import type { Random } from "../kit/random.js";
import type { Network } from "./network.js";
import type { Handling, Practice, PracticeResponse } from "./practice.js";

export const PRACTICE = "T81001" as OdsCode;

export interface ClientParts {
  /** The name of the process. */
  readonly name: string;
  readonly network: Network;
  readonly practice: Practice;
  readonly clock: Clock;
  readonly isAlive: () => boolean;
  /** The random stream of one journey, whichever process runs it. */
  readonly randomFor: (correlationId: string) => Random;
}

/** The upstream clients of one process. The network between them and the practice loses, delays and duplicates. */
export function createClients(parts: ClientParts) {
  const { practice, clock } = parts;
  const call = <T>(
    context: CallContext,
    operation: string,
    purpose: CallPurpose,
    apply: (traceId: string) => Handling<T>,
    { service = "PROVIDER", slotIds }: CallParts = {},
  ): Promise<T> => {
    const description = {
      service: service === "PDS" ? "PDS" : "SSP",
      interaction: operation,
      target: null,
      purpose,
      subject: ({ traceId }: Attempt) => ({ sspTraceId: traceId }),
    } as const;
    const send = ({ traceId }: Attempt) =>
      parts.network.send({
        process: parts.name,
        traceId,
        correlationId: context.correlationId,
        operation,
        service,
        write: purpose === "write",
        random: parts.randomFor(context.correlationId),
        isAlive: parts.isAlive,
        slotIds,
        apply: () => apply(traceId),
      });
    return upstreamCall(context, description, { send, read: (result) => result });
  };
  return {
    gpConnect: createGpConnect(call, practice, clock),
    pds: createPds(call, clock),
    directory: DIRECTORY,
  };
}

type Call = <T>(
  context: CallContext,
  operation: string,
  purpose: CallPurpose,
  apply: (traceId: string) => Handling<T>,
  parts?: CallParts,
) => Promise<T>;

interface CallParts {
  readonly service?: "PDS" | "PROVIDER";
  /** The slots of a create. */
  readonly slotIds?: readonly string[];
}

/** A request that the practice handles in one step. */
function inOneStep<T>(handle: () => PracticeResponse<T>): Handling<T> {
  return { finish: handle };
}

function createGpConnect(call: Call, practice: Practice, clock: Clock): GpConnectClient {
  const unused = async () => {
    throw new Error("the simulation does not use this call");
  };
  return {
    serviceFiltering: false,
    readHealthcareService: unused,
    fetchCapabilities: unused,
    searchFreeSlots: unused,
    findOrganisation: unused,
    readLocation: unused,
    readPractitioner: unused,
    findPatient: (_route, nhsNumber, context) =>
      call(context, "find", "read", () =>
        inOneStep(() => ({
          status: 200,
          value: practice.patientIdsOf(patientIdOf(nhsNumber)).map((id) => atPractice(id, nhsNumber, clock)),
        })),
      ),
    registerPatient: (_route, { nhsNumber }, context) =>
      call(context, "register", "write", (traceId) =>
        inOneStep(() => {
          const { value: id, ...response } = practice.register(patientIdOf(nhsNumber), traceId);
          return { ...response, ...(id !== undefined && { value: atPractice(id, nhsNumber, clock) }) };
        }),
      ),
    createAppointment: (_route, booking, context) => {
      const { patientId, description, comment } = booking;
      const appointment = {
        patientId,
        description,
        comment,
        slotIds: booking.slots.map(({ id }) => id),
        created: toLondonDateTime(clock.now()),
        organisation: context.caller.organisation.odsCode,
      };
      const { slotIds } = appointment;
      return call(context, "create", "write", (traceId) => practice.book({ ...appointment, traceId }), {
        slotIds,
      });
    },
    fetchAppointments: (_route, patientId, { from, to }, context) =>
      call(context, "list", "reconciling read", () => inOneStep(() => practice.list(patientId, from, to))),
    readAppointment: (_route, id, context) =>
      call(context, "read", "reconciling read", () =>
        inOneStep(() => {
          const { value: appointment, ...response } = practice.read(id);
          return { ...response, ...(appointment && { value: { appointment, resource: {} } }) };
        }),
      ),
    cancelAppointment: (_route, { appointment: { id, versionId } }, reason, context) =>
      call(context, "cancel", "write", (traceId) =>
        inOneStep(() => practice.cancel(id, versionId, reason, traceId)),
      ),
    amendAppointment: (_route, { appointment: { id, versionId } }, changes, context) =>
      call(context, "amend", "write", (traceId) =>
        inOneStep(() => practice.amend(id, versionId, changes, traceId)),
      ),
  };
}

function createPds(call: Call, clock: Clock): PdsClient {
  return {
    readPatient: (nhsNumber, context) =>
      call(
        context,
        "trace",
        "read",
        () =>
          inOneStep(() => ({
            status: 200,
            value: { kind: "found", record: personOf(nhsNumber, clock.now()) },
          })),
        { service: "PDS" },
      ),
    searchPatients: async () => {
      throw new Error("the simulation does not search");
    },
  };
}

const DIRECTORY: Directory = {
  lookUp: async (queries) =>
    queries.map(({ odsCode }) => ({
      kind: "entry",
      entry: {
        odsCode,
        asid: "918999198738",
        partyKey: `${odsCode}-0000001`,
        serviceRootUrl: `https://provider.example/${odsCode}/STU3/1/gpconnect/fhir`,
      },
    })),
};

function atPractice(id: string, nhsNumber: NhsNumber, clock: Clock): PracticePatient {
  const { names, birthDate, gender } = personOf(nhsNumber, clock.now());
  return { id, nhsNumber, name: names[0], birthDate, gender };
}

export function patientIdOf(nhsNumber: string): string {
  return `patient-${nhsNumber}`;
}

/** A synthetic person: alive, unrestricted and registered at the practice. */
function personOf(nhsNumber: NhsNumber, tracedAt: number): PatientRecord {
  return {
    nhsNumber,
    requestedNhsNumber: nhsNumber,
    confidentiality: "U",
    names: [{ use: "usual", family: "Testperson", given: ["Ida"], prefix: [], suffix: [] }],
    gender: "female",
    birthDate: "1952-05-31",
    addresses: [],
    telecoms: [],
    registeredPractice: { odsCode: PRACTICE },
    tracedAt,
  };
}
