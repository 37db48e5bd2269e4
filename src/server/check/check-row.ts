/** The result of one check. */
export interface CheckRow {
  readonly what: string;
  /** Host, or an empty text. */
  readonly where: string;
  /** `WARN`: works now and needs attention soon. */
  readonly result: "OK" | "WARN" | "FAIL" | "SKIP";
  readonly details: string;
}
