import type { Fault, FaultKind, ServiceName } from "../api/fault.js";

/** The kinds of the form, in its order. `needs` names the fields that a kind has. */
export const KINDS = {
  status: { title: "Error response", needs: ["status"] },
  delay: { title: "Delay", needs: ["delayMs"] },
  reset: { title: "Connection reset", needs: [] },
  hang: { title: "No response", needs: [] },
  afterCommit: { title: "Commit, then error", needs: ["status"] },
  "reset-after-commit": { title: "Commit, then reset", needs: [] },
  lateCommit: { title: "Error, then late commit", needs: ["status", "delayMs"] },
} as const satisfies Record<string, { title: string; needs: readonly ("status" | "delayMs")[] }>;

export type KindName = keyof typeof KINDS;

/** The fields of the form, as the user typed them. Empty ones are left out of the fault. */
export interface FaultFormState {
  readonly service: ServiceName;
  readonly kind: KindName;
  readonly status: string;
  readonly delayMs: string;
  readonly odsCode: string;
  readonly interaction: string;
  /** In per cent. */
  readonly share: string;
  readonly times: string;
}

export const EMPTY_FORM: FaultFormState = {
  service: "PDS",
  kind: "status",
  status: "503",
  delayMs: "2000",
  odsCode: "",
  interaction: "",
  share: "",
  times: "",
};

/** Whether the kind has the field. */
export function needsField(kind: KindName, field: "status" | "delayMs"): boolean {
  return (KINDS[kind].needs as readonly string[]).includes(field);
}

/** The fault that a form describes. The control API refuses values out of range. */
export function toFault(form: FaultFormState): Fault {
  const odsCode = form.odsCode.trim().toUpperCase();
  const interaction = form.interaction.trim();
  return {
    service: form.service,
    kind: toKind(form),
    ...(odsCode === "" ? {} : { odsCode }),
    ...(interaction === "" ? {} : { interaction }),
    ...(form.share === "" ? {} : { probability: Number(form.share) / 100 }),
    ...(form.times === "" ? {} : { times: Number(form.times) }),
  };
}

function toKind({ kind, status, delayMs }: FaultFormState): FaultKind {
  const response = { status: Number(status) };
  if (kind === "status") return response;
  if (kind === "delay") return { delayMs: Number(delayMs) };
  if (kind === "afterCommit") return { afterCommit: response };
  if (kind === "lateCommit") return { lateCommit: { response, delayMs: Number(delayMs) } };
  return kind;
}
