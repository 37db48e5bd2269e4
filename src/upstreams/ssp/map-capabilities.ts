import type { PracticeCapabilities } from "../../domain/capabilities.js";
import { expectResource } from "./unusable-response.js";
import { isRecord, records, text } from "./wire.js";

/**
 * The capability statement (GP Connect notes, section 6). Versions are text, because some practices write more than
 * three numbers.
 *
 * @throws UnusableResponse when it is another resource.
 */
export function toCapabilities(body: unknown): PracticeCapabilities {
  const statement = expectResource(body, "CapabilityStatement");
  const software = isRecord(statement.software) ? statement.software : undefined;
  const rest = records(statement.rest);
  const interactions = rest
    .flatMap(({ resource }) => records(resource))
    .flatMap(({ type, interaction }) => records(interaction).map(({ code }) => [text(type), text(code)]))
    .filter((pair) => pair.every((part) => part !== undefined))
    .map((pair) => pair.join("."));
  const operations = rest
    .flatMap(({ operation }) => records(operation))
    .flatMap(({ name }) => text(name)?.replace(/^\$/, "") ?? []);
  return {
    gpConnectVersion: text(statement.version),
    fhirVersion: text(statement.fhirVersion),
    software: software && { name: text(software.name), version: text(software.version) },
    interactions: [...new Set([...interactions, ...operations])],
  };
}
