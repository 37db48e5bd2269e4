/**
 * A short name for a call: the last, telling part of a GP Connect or V&M URN in words, and anything else as it is.
 *
 *     urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1 → search slot
 */
export function shortInteraction(interaction: string): string {
  const [, telling] = /^urn:nhs:names:services:[^:]+:fhir:(?:rest:|operation:)?(.+)$/.exec(interaction) ?? [];
  if (telling === undefined) return interaction;
  return telling.replace(/[-:]\d+$/, "").replace(/[:_]/g, " ");
}

/** An outcome in words that fit beside a bar; nothing for the ordinary one. */
export function outcomeWords(outcome: string): string {
  return outcome === "OK"
    ? ""
    : outcome
        .replace(/^UPSTREAM_/, "")
        .replaceAll("_", " ")
        .toLowerCase();
}

/** The three ways in which an outcome is drawn. */
export function outcomeTone(outcome: string): "ok" | "none" | "fault" {
  if (outcome === "OK") return "ok";
  return outcome === "NOT_FOUND" ? "none" : "fault";
}
