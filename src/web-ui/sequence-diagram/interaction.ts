/**
 * A short name for an interaction: the last part of a GP Connect or V&M URN, in words. Other names stay as they are.
 *
 *     urn:nhs:names:services:gpconnect:fhir:rest:search:slot-1 → search slot
 */
export function shortInteraction(interaction: string): string {
  const [, lastPart] =
    /^urn:nhs:names:services:[^:]+:fhir:(?:rest:|operation:)?(.+)$/.exec(interaction) ?? [];
  if (lastPart === undefined) return interaction;
  return lastPart.replace(/[-:]\d+$/, "").replace(/[:_]/g, " ");
}

/** An outcome in words that fit beside a bar. Empty for `OK`. */
export function describeOutcome(outcome: string): string {
  return outcome === "OK"
    ? ""
    : outcome
        .replace(/^UPSTREAM_/, "")
        .replaceAll("_", " ")
        .toLowerCase();
}

/** The style in which an outcome is drawn. */
export function outcomeTone(outcome: string): "ok" | "none" | "fault" {
  if (outcome === "OK") return "ok";
  return outcome === "NOT_FOUND" ? "none" : "fault";
}
