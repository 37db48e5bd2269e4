import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseNhsNumber } from "../../../src/domain/nhs-number.js";
import type { StubResponse } from "./mutate.js";
import { parse } from "./mutate.js";
import { isBox } from "./mutate-structure.js";

const SAMPLES = resolve(__dirname, "../../../../shared/samples");
/** A directory's record of 478 interactions says nothing that one of ten does not, and takes all the time. */
const MOST_BYTES = 30_000;

export interface SampleOptions {
  readonly nhsNumber: string;
  /** Requested logical id. */
  readonly id?: string;
  readonly status?: number;
  /** Logical id of the patient at the practice. */
  readonly patientId?: string;
}

/**
 * Published responses of a folder as seeds, where the folder exists. They are changed to be about the requested patient,
 * because most would otherwise be refused at once.
 *
 * @param names of files, without the folder.
 */
export function samples(
  folder: string,
  names: RegExp,
  { status = 200, ...subject }: SampleOptions,
): StubResponse[] {
  const directory = join(SAMPLES, folder);
  if (!existsSync(directory)) return [];
  return readdirSync(directory)
    .filter((name) => name.endsWith(".json") && names.test(name))
    .map((name) => readFileSync(join(directory, name), "utf8"))
    .filter((text) => text.length <= MOST_BYTES)
    .map((text) => ({ status: statusOf(text) ?? status, headers: {}, body: aboutSubject(text, subject) }));
}

function aboutSubject(text: string, { nhsNumber, id, patientId }: SampleOptions): string {
  const body = text
    .replaceAll(/\b\d{10}\b/g, (digits) => (parseNhsNumber(digits) ? nhsNumber : digits))
    .replaceAll(/"Patient\/[^"/]+"/g, (reference) => (patientId ? `"Patient/${patientId}"` : reference));
  const document = parse(body);
  if (id === undefined || !isBox(document) || Array.isArray(document)) return body;
  return JSON.stringify({ ...document, id });
}

/** An OperationOutcome stands for a refusal, of which the samples do not say the status. */
function statusOf(text: string): number | undefined {
  const document = parse(text);
  const isOutcome =
    isBox(document) && !Array.isArray(document) && document.resourceType === "OperationOutcome";
  return isOutcome ? 404 : undefined;
}
