/** The members that every line of an audit file has: its place in the chain of its writer. */
export interface AuditLinePlace {
  readonly writer: string;
  readonly sequence: number;
  readonly hash: string;
}

/** @returns undefined for a text that is no audit line. */
export function parseAuditLine<Line extends AuditLinePlace>(raw: string): Line | undefined {
  try {
    const line = JSON.parse(raw) as Partial<Line> | null;
    return typeof line?.writer === "string" &&
      typeof line.sequence === "number" &&
      typeof line.hash === "string"
      ? (line as Line)
      : undefined;
  } catch {
    return undefined;
  }
}
