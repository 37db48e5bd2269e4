import { isObject, parseJson } from "../shared/json.js";
import { PDS_VERSION } from "./patient-resource.js";
import { refusePds } from "./pds-outcome.js";

/**
 * Checks the headers of an update: 412 without If-Match, 400 for another content type (PDS notes, section 4).
 *
 * @returns the check of the body, which PDS makes after it has found the record: patches are present, and If-Match
 * has the current version (409).
 */
export function checkUpdate(headers: Readonly<Record<string, string>>): (body: string) => void {
  const ifMatch = headers["if-match"];
  if (!ifMatch) {
    const what = "If-Match header must be supplied to update this resource";
    refusePds("PRECONDITION_FAILED", `Invalid request with error - ${what}`);
  }
  if (!headers["content-type"]?.startsWith("application/json-patch+json")) refusePds("UNSUPPORTED_SERVICE");
  return (text) => {
    const body = parseJson(text);
    const patches = isObject(body) ? body.patches : undefined;
    if (!Array.isArray(patches) || patches.length === 0)
      refusePds("INVALID_UPDATE", "Invalid update with error - No patches found");
    if (ifMatch !== `W/"${PDS_VERSION}"`) refusePds("RESOURCE_VERSION_MISMATCH");
  };
}
