import type { AskRecord, BookLine, Told } from "../history.js";
import type { Evidence } from "./evidence.js";
import { broken, type Violation } from "./violation.js";

/** What one caller who asked to cancel or to amend was told. */
export function checkChange(ask: AskRecord, evidence: Evidence): Violation[] {
  const { told, correlationId, toldAt } = ask;
  switch (told.kind) {
    case "cancelled": {
      const at = evidence.cancellationOf(told.appointmentId)?.at;
      return at !== undefined && at <= toldAt
        ? []
        : broken("cancelled and stands", told.appointmentId, correlationId);
    }
    case "not-cancelled":
      return evidence
        .madeFor(ask, linesOf(ask, "cancelled", evidence))
        .flatMap((line) =>
          broken("not cancelled and is", `${line.appointmentId} (${told.why})`, correlationId),
        );
    case "amended":
      return isTrue(ask, told, evidence)
        ? []
        : broken("amended and is not", `${told.appointmentId} version ${told.version}`, correlationId);
    case "not-amended": {
      // "Changed" is a word about the appointment as it is now: ours may have been carried out, and changed again since.
      const isChanged = told.why === "changed";
      if (isChanged && !hasChanged(ask, told.version, evidence)) {
        return broken("not amended and is", `said to have changed (${told.version})`, correlationId);
      }
      return evidence
        .madeFor(ask, linesOf(ask, "amended", evidence))
        .filter(({ at }) => !isChanged || at > toldAt)
        .flatMap((line) =>
          broken("not amended and is", `${line.appointmentId} (${told.why})`, correlationId),
        );
    }
    default:
      return [];
  }
}

function linesOf({ about }: AskRecord, kind: BookLine["kind"], { history }: Evidence): BookLine[] {
  return history.book.filter((line) => line.kind === kind && line.appointmentId === about?.appointmentId);
}

/** The words wished for have been in the practice's book, and the version told was the one that stood. */
function isTrue(ask: AskRecord, told: Extract<Told, { kind: "amended" }>, evidence: Evidence): boolean {
  const wasAmended = evidence.history.book.some(
    (line) =>
      line.appointmentId === told.appointmentId &&
      line.at <= ask.toldAt &&
      line.description === ask.description &&
      (ask.comment === undefined || line.comment === ask.comment),
  );
  return wasAmended && told.appointmentId === ask.about?.appointmentId && wasNow(ask, told.version, evidence);
}

function hasChanged(ask: AskRecord, version: string | undefined, evidence: Evidence): boolean {
  return version !== ask.about?.version && wasNow(ask, version, evidence);
}

/** Whether the appointment was in that version at some moment while the caller waited. */
function wasNow(ask: AskRecord, version: string | undefined, evidence: Evidence): boolean {
  const lines = evidence.history.book.filter(
    ({ appointmentId }) => appointmentId === ask.about?.appointmentId,
  );
  const index = lines.findIndex((line) => line.version === version);
  const [line, next] = [lines[index], lines[index + 1]];
  return (
    line !== undefined && line.at <= ask.toldAt && (next === undefined || next.at >= evidence.since(ask))
  );
}
