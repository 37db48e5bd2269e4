/** The closed list of ways in which an upstream call can fail (design section 4). */
export type UpstreamErrorCode =
  | "UPSTREAM_TIMEOUT"
  | "UPSTREAM_UNAVAILABLE"
  | "UPSTREAM_RATE_LIMITED"
  | "UPSTREAM_REFUSED"
  | "UPSTREAM_BAD_RESPONSE";

export type ErrorCode =
  | "BAD_USER_INPUT"
  | "UNAUTHENTICATED"
  | "FORBIDDEN"
  | "RATE_LIMITED"
  | "INTERNAL_SERVER_ERROR"
  | UpstreamErrorCode;

/** An error of this program: a `code` of the closed list, and a message that is safe to show to anybody. */
export abstract class SpineGraphError extends Error {
  abstract readonly code: ErrorCode;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
  }
}

export interface UpstreamErrorDetails {
  /** As `extensions.service` names it. */
  readonly service: string;
  readonly code: UpstreamErrorCode;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  /** A finer code: the upstream's own (`ACCESS_DENIED`) or ours (`NOT_ON_GP_CONNECT`). Never free text of an upstream. */
  readonly reason?: string | undefined;
  /** HTTP status of the response, if there was one. For the audit, never for the caller. */
  readonly httpStatus?: number | undefined;
  /** For a write: whether the upstream may have done the work although we cannot tell. */
  readonly outcomeUnknown?: boolean | undefined;
  /** How long the upstream asks us to wait, where it says so. */
  readonly retryAfterMs?: number | undefined;
  /**
   * Whether the party behind the named service may be the one that failed: a proxy passes responses on unchanged, and
   * silence has no sender.
   */
  readonly originUnsure?: boolean | undefined;
  /** Whether a proxy refused the request itself: the party behind it provably never got it. */
  readonly notForwarded?: boolean | undefined;
}

/** An upstream did not respond, refused, or sent a response that cannot be used. */
export class UpstreamError extends SpineGraphError {
  readonly code: UpstreamErrorCode;
  /** As `extensions.service` names it. */
  readonly service: string;
  readonly retryable: boolean;
  readonly reason: string | undefined;
  readonly httpStatus: number | undefined;
  readonly outcomeUnknown: boolean;
  readonly retryAfterMs: number | undefined;
  readonly originUnsure: boolean;
  readonly notForwarded: boolean;

  constructor(message: string, details: UpstreamErrorDetails, options?: ErrorOptions) {
    super(message, options);
    this.code = details.code;
    this.service = details.service;
    this.retryable = details.retryable;
    this.reason = details.reason;
    this.httpStatus = details.httpStatus;
    this.outcomeUnknown = details.outcomeUnknown ?? false;
    this.retryAfterMs = details.retryAfterMs;
    this.originUnsure = details.originUnsure ?? false;
    this.notForwarded = details.notForwarded ?? false;
  }
}

/** An argument is malformed. Found before any upstream call. */
export class BadUserInputError extends SpineGraphError {
  readonly code = "BAD_USER_INPUT";

  /** @param field the argument's path: `nhsNumber`, `input.slotIds`. */
  constructor(
    readonly field: string,
    message: string,
  ) {
    super(message);
  }
}

/** The request is well formed, and asks for more than one request may. */
export class LimitError extends SpineGraphError {
  readonly code = "BAD_USER_INPUT";

  constructor(
    readonly reason: "QUERY_TOO_COSTLY" | "ANSWER_TOO_LARGE",
    message: string,
  ) {
    super(message);
  }
}

/** The caller has not shown who they are (gate G1). */
export class UnauthenticatedError extends SpineGraphError {
  readonly code = "UNAUTHENTICATED";

  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}

/** A gate is closed: the request is well formed, and not permitted. */
export class ForbiddenError extends SpineGraphError {
  readonly code = "FORBIDDEN";

  constructor(
    readonly reason: string,
    message: string,
  ) {
    super(message);
  }
}
