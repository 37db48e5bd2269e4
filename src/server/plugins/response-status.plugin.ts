import { OperationRefusedError } from "../errors/operation-refused-error.js";
import type { EndedOperation, OperationPlugin } from "./operation-plugin.js";
import { JSON_TYPE, toResponseType } from "./response-type.js";

/** A mutation by `GET`: a fault of the HTTP request, not of the operation. */
const METHOD_NOT_ALLOWED = 405;

/**
 * Gives every GraphQL response in `application/json` the status 200, also when the operation was refused, as GraphQL over
 * HTTP recommends (section 6.4.1): with another status a client cannot tell our response from one of a proxy between, and
 * some routers show their clients the status and our address instead of our errors. In
 * `application/graphql-response+json` the status tells what happened.
 *
 * Requests that are malformed as such keep their status, because they have no GraphQL response.
 */
export const responseStatusPlugin: OperationPlugin = { willSendResponse: setStatus };

function setStatus({ request, response, source, errors }: EndedOperation): void {
  const { http, body } = response;
  if (http.status === undefined || http.status === METHOD_NOT_ALLOWED || source === undefined) return;
  if (toResponseType(request.http?.headers.get("accept")) !== JSON_TYPE) return;
  http.status = 200;
  // The library negotiates after this hook. Status and type must agree whatever it makes of the header.
  http.headers.set("content-type", JSON_TYPE);
  // The document is valid, so that clients may read `data` as they do after a failed execution.
  const isRefused = errors?.some((error) => error instanceof OperationRefusedError);
  if (isRefused && body?.kind === "single") body.singleResult.data ??= null;
}
