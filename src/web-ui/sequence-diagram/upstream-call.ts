/** One request to an upstream service, as the diagram draws it. */
export interface UpstreamCall {
  /** `PDS`, `TOKEN`, `SDS`, `SSP` or `VM`. */
  readonly service: string;
  /** The full GP Connect or V&M interaction URN, or a short name such as `Patient.read`. */
  readonly interaction: string;
  /** The ODS code that the call was for; null when there was none, or several. */
  readonly target: string | null;
  /** Milliseconds from the start of the GraphQL request. */
  readonly startedMs: number;
  readonly durationMs: number;
  /** `OK`, `NOT_FOUND` or an error code. */
  readonly outcome: string;
}
