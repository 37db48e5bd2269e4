import { refuseVm } from "./vm-outcome.js";

const NHS_NUMBER = "https://fhir.nhs.uk/Id/nhs-number";
const OBSERVATION_CODE = "https://fhir.nhs.uk/fhir-observation-code-1";
const NORMATIVE = ["subject:Patient.identifier", "code", "_format"];

/** Parses a query in the normative form: a chained search and the fixed code (notes, 2 and 9 row 1). */
export function readNormativeQuery(query: URLSearchParams): string {
  refuseUnknown(query, NORMATIVE);
  const nhsNumber = readNhsNumber(query, "subject:Patient.identifier");
  const [codeSystem, code] = readToken(query, "code");
  if (codeSystem !== OBSERVATION_CODE) refuseVm("INVALID_CODE_SYSTEM", `code must be of ${OBSERVATION_CODE}`);
  if (code !== "0001") refuseVm("INVALID_CODE_VALUE", "code must be 0001");
  return nhsNumber;
}

/** Parses a query in the form of the published code samples: `identifier` alone (notes, 9 row 1). */
export function readIdentifierQuery(query: URLSearchParams): string {
  refuseUnknown(query, ["identifier", "_format"]);
  return readNhsNumber(query, "identifier");
}

function readNhsNumber(query: URLSearchParams, name: string): string {
  const [system, nhsNumber] = readToken(query, name);
  if (system !== NHS_NUMBER) refuseVm("INVALID_IDENTIFIER_SYSTEM", `identifier must be of ${NHS_NUMBER}`);
  return nhsNumber;
}

function refuseUnknown(query: URLSearchParams, known: readonly string[]): void {
  for (const name of query.keys()) {
    if (!known.includes(name)) refuseVm("INVALID_PARAMETER", "A parameter is not known");
  }
}

function readToken(query: URLSearchParams, name: string): [system: string, value: string] {
  const [token, ...more] = query.getAll(name);
  if (token === undefined || more.length > 0) refuseVm("INVALID_PARAMETER", `Exactly one ${name} is needed`);
  const bar = token.indexOf("|");
  if (bar < 0) refuseVm("INVALID_PARAMETER", `${name} must be system|value`);
  return [token.slice(0, bar), token.slice(bar + 1)];
}
