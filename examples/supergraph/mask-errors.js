/** Codes that gateways give to faults of their own, and servers to faults without a code. */
const FAULTS = new Set([
  undefined,
  "INTERNAL_SERVER_ERROR",
  "SUBREQUEST_HTTP_ERROR",
  "DOWNSTREAM_SERVICE_ERROR",
  "UNEXPECTED_ERROR",
]);
const CODE = "DOWNSTREAM_SERVICE_ERROR";
const MESSAGE = "This part of the response could not be fetched.";

/**
 * What a client sees of an error. A fault of the gateway itself can hold the address of a subgraph, or the request to it
 * with NHS numbers; of such a fault only the path remains. Errors with a code of a subgraph pass, because clients decide
 * by their code and reason.
 */
function maskError({ message, path, extensions = {} }) {
  if (!FAULTS.has(extensions.code)) return { message, path, extensions };
  const { correlationId } = extensions;
  return { message: MESSAGE, path, extensions: { code: CODE, ...(correlationId && { correlationId }) } };
}

module.exports = { maskError };
