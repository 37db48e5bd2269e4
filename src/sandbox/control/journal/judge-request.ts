import type { ReceivedRequest } from "../../http/service.js";
import type { SupplierProfile } from "../../suppliers/supplier-profile.js";
import type { JournalEntry, JudgedRules, NearMiss } from "./journal-entry.js";
import { practiceChecks } from "./practice-checks.js";
import type { RuleCheck } from "./rule.js";
import { REQUEST_RULES } from "./rules.js";
import { CERTIFICATE_CHECKS, pdsChecks, SDS_CHECKS, SSP_CHECKS, VM_CHECKS } from "./service-checks.js";

/** The supplier profile of a practice, by ODS code. */
export type ProfileByCode = (odsCode: string) => SupplierProfile | undefined;

const NOT_JUDGED: JudgedRules = { passed: [], broken: [] };

/**
 * The journal entry of a request: which rules it passed and broke, and what it would have needed. It follows from the
 * response: a service makes its checks in a fixed order and refuses at the first that fails.
 */
export function toJournalEntry(request: ReceivedRequest, profileOf: ProfileByCode): JournalEntry {
  if (!isJudged(request)) return { ...request, rules: NOT_JUDGED };
  const checks = checksOf(request).filter(({ rule }) => !isLeftOut(rule, request, profileOf));
  const { refusal, service, status = 0 } = request;
  // The proxy streams the refusal of a practice: only its own refusals have a reason here.
  if (!refusal) return { ...request, rules: status < 400 || service === "SSP" ? held(checks) : NOT_JUDGED };
  const reason = refusal.diagnostics ?? refusal.code ?? "";
  const index = checks.findIndex((one) => one.refusal.test(reason));
  const failed = checks[index];
  const broken = failed && REQUEST_RULES.get(failed.rule);
  // 502 and 504 of the proxy, and 501, say nothing about the request.
  if (!failed || !broken) return { ...request, rules: service === "SSP" ? held(checks) : NOT_JUDGED };
  const later = new Set(checks.slice(index).map(({ rule }) => rule));
  const passed = idsOf(checks).filter((id) => !later.has(id));
  const notJudged = [...later].filter((id) => id !== broken.id);
  const nearMiss: NearMiss = { needed: needed(failed, reason), notJudged };
  return { ...request, rules: { passed, broken: [broken] }, nearMiss };
}

/** A delay leaves the judgement to the service. Other faults replace its response. */
function isJudged({ status, fault }: ReceivedRequest): boolean {
  if (status === undefined) return false;
  return fault === undefined || (typeof fault === "object" && "delayMs" in fault);
}

function checksOf(request: ReceivedRequest): readonly RuleCheck[] {
  const { service, method, interaction, status } = request;
  if (status === 495 || status === 496) return CERTIFICATE_CHECKS;
  if (service === "PRACTICE") return practiceChecks(interaction);
  if (service === "SSP") return SSP_CHECKS;
  if (service === "PDS") return pdsChecks(method, interaction);
  if (service === "VM") return VM_CHECKS;
  // LDAP has no rules of its own.
  return interaction === "search" ? [] : SDS_CHECKS;
}

/** Whether the practice's supplier does not check a rule, so that nothing can be said about the request. */
function isLeftOut(rule: string, request: ReceivedRequest, profileOf: ProfileByCode): boolean {
  const profile = request.service === "PRACTICE" ? profileOf(request.odsCode ?? "") : undefined;
  if (!profile) return false;
  if (rule === "P-M3" || rule === "P-X5")
    return !profile.ifMatchRequired && request.headers["if-match"] === undefined;
  if (rule === "S-5") return !profile.pastRefused && request.method !== "PUT";
  return rule === "S-7" && profile.adjacency !== "four-rules";
}

function held(checks: readonly RuleCheck[]): JudgedRules {
  return { passed: idsOf(checks), broken: [] };
}

function idsOf(checks: readonly RuleCheck[]): string[] {
  return [...new Set(checks.map(({ rule }) => rule))];
}

function needed(failed: RuleCheck, reason: string): string {
  const groups = failed.refusal.exec(reason) ?? [];
  return failed.needed.replace(/\$(\d)/g, (_match, digit: string) => groups[Number(digit)] ?? "");
}
