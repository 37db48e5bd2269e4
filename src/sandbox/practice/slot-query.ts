import { addDays, startOfLondonDate, toLondonDateTime } from "../shared/london-time.js";
import type { SupplierProfile } from "../suppliers/supplier-profile.js";
import { refuse } from "./outcome.js";
import { INCLUDES } from "./slot-includes.js";
import { CODE_SYSTEM, IDENTIFIER } from "./urls.js";

const DAY_MS = 86_400_000;
/** Maximum range in whole days of local time (GP Connect notes, 8.4 and 11.3). */
const MOST_DAYS = 14;
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$/;

/** Parameters of a slot search. */
export interface SlotQuery {
  readonly fromMs: number;
  /** Slots must end no later than this instant. */
  readonly toMs: number;
  readonly organisationTypes: readonly string[];
  readonly odsCodes: readonly string[];
  readonly includes: ReadonlySet<string>;
  /** Directory of Services id of the only service wanted. Absent: all services. */
  readonly dosId: string | undefined;
}

/** Parses the parameters of a slot search. Refuses invalid ones as a provider does. */
export function readSlotQuery(query: URLSearchParams, profile: SupplierProfile): SlotQuery {
  for (const name of ["status", "start", "end"]) {
    if (!query.has(name)) refuse("BAD_REQUEST", `Parameter ${name} is missing`);
    if (query.getAll(name).length > 1) refuse("BAD_REQUEST", `Parameter ${name} is repeated`);
  }
  if (!query.getAll("_include").includes("Slot:schedule")) {
    refuse("BAD_REQUEST", "Parameter _include=Slot:schedule is missing");
  }
  refuseUnknownIncludes(query, profile);
  if (query.get("status") !== "free") refuse("INVALID_PARAMETER", "Parameter status must be free");
  const start = readBound("start", "ge", query.get("start") ?? "");
  const end = readBound("end", "le", query.get("end") ?? "");
  if (end.date < start.date || end.lastMs < start.ms) refuse("INVALID_PARAMETER", "end lies before start");
  if (Math.floor((end.wallMs - start.wallMs) / DAY_MS) > MOST_DAYS) {
    refuse("INVALID_PARAMETER", "The range is longer than two weeks");
  }
  return {
    fromMs: start.ms,
    toMs: profile.slotRange === "wholly-inside" ? end.lastMs : end.ms,
    organisationTypes: filterValues(query, CODE_SYSTEM.organisationType),
    odsCodes: filterValues(query, IDENTIFIER.odsCode),
    includes: new Set(query.getAll("_include:recurse")),
    dosId: profile.serviceFiltering ? readServiceIdentifier(query.get("service.identifier")) : undefined,
  };
}

/** Most systems ignore includes that they do not know; the demonstrator refuses them. */
function refuseUnknownIncludes(query: URLSearchParams, profile: SupplierProfile): void {
  if (profile.unknownInclude === "ignored") return;
  const known: readonly string[] = profile.serviceFiltering
    ? [...INCLUDES.known, INCLUDES.healthcareService]
    : INCLUDES.known;
  for (const include of [...query.getAll("_include"), ...query.getAll("_include:recurse")]) {
    if (!known.includes(include)) refuse("BAD_REQUEST", `Include ${include} is not known`);
  }
}

function readServiceIdentifier(token: string | null): string | undefined {
  if (token === null) return undefined;
  const [system, dosId] = token.split("|");
  if (system !== IDENTIFIER.dosService || !dosId) {
    refuse("INVALID_PARAMETER", `service.identifier must be ${IDENTIFIER.dosService}|id`);
  }
  return dosId;
}

interface Bound {
  readonly date: string;
  readonly ms: number;
  /** For a date without a time: the end of that day. Otherwise equal to `ms`. */
  readonly lastMs: number;
  /** Local time read as if it were UTC, so that clock changes do not affect the count of days. */
  readonly wallMs: number;
}

/** Parses a date, or a dateTime with the UK offset of that date. `Z` and fractions are refused (notes, 8.4). */
function readBound(name: string, prefix: string, text: string): Bound {
  if (!text.startsWith(prefix)) refuse("INVALID_PARAMETER", `Parameter ${name} must begin with ${prefix}`);
  const value = text.slice(prefix.length);
  const isDate = DATE.test(value);
  if (!isDate && !DATE_TIME.test(value))
    refuse("INVALID_PARAMETER", `Parameter ${name} is no date or UK dateTime`);
  const date = value.slice(0, 10);
  const wallMs = Date.parse(`${date}T${isDate ? "00:00:00" : value.slice(11, 19)}Z`);
  if (!isCalendarTime(wallMs, value)) refuse("INVALID_PARAMETER", `Parameter ${name} is not in the calendar`);
  if (isDate) {
    const ms = startOfLondonDate(value);
    return { date, ms, lastMs: startOfLondonDate(addDays(date, 1)), wallMs };
  }
  const ms = Date.parse(value);
  if (toLondonDateTime(ms) !== value)
    refuse("INVALID_PARAMETER", `Parameter ${name} has the wrong UK offset`);
  return { date, ms, lastMs: ms, wallMs };
}

/** `Date.parse` turns 31 February into March; this detects it. */
function isCalendarTime(wallMs: number, value: string): boolean {
  return !Number.isNaN(wallMs) && new Date(wallMs).toISOString().startsWith(value.slice(0, 19));
}

/** The values of the filters of one system. Filters of other systems are ignored (notes, 8.4). */
function filterValues(query: URLSearchParams, system: string): string[] {
  return query
    .getAll("searchFilter")
    .filter((value) => value.startsWith(`${system}|`))
    .map((value) => value.slice(system.length + 1));
}
