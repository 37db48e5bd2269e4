import { HeaderMap } from "@apollo/server";
import { GraphQLError } from "graphql";
import type { SpineGraphError } from "../../platform/errors.js";

/** The operation was refused before its execution: by gate G1, or by what it would cost. */
export class OperationRefusedError extends GraphQLError {
  constructor(readonly refusal: SpineGraphError) {
    super(refusal.message, { extensions: { code: refusal.code, http: toHttpHead(refusal) } });
  }
}

/** Status and headers of a refusal; the `WWW-Authenticate` header follows RFC 6750, section 3. */
function toHttpHead({ code }: SpineGraphError): { status: number; headers: HeaderMap } {
  if (code === "UNAUTHENTICATED") {
    return { status: 401, headers: new HeaderMap([["www-authenticate", "Bearer"]]) };
  }
  const status = code === "FORBIDDEN" ? 403 : code === "BAD_USER_INPUT" ? 400 : 503;
  return { status, headers: new HeaderMap() };
}
