import type { DirectoryEntry } from "../domain/directory-entry.js";
import type { OdsCode } from "../domain/ods-code.js";
import { UpstreamError } from "../platform/errors.js";
import type { EndpointLoaders } from "./endpoint.loader.js";

/** Reads from a practice, at the address that the directory gives. */
export type AtPractice = <T>(odsCode: OdsCode, read: (practice: DirectoryEntry) => Promise<T>) => Promise<T>;

/**
 * When the proxy says that the address is no longer the registered one, as happens while a practice changes its supplier,
 * the directory is queried again and the read is retried once at the new address (assurance notes, 2.3). Reads only: the
 * journey of a refused command decides what follows.
 */
export function createAtPractice({ practiceEndpoint, renewedEndpoint }: EndpointLoaders): AtPractice {
  return async (odsCode, read) => {
    const practice = await practiceEndpoint.load(odsCode);
    try {
      return await read(practice);
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.reason !== "ENDPOINT_CHANGED") throw error;
      const renewed = await renewedEndpoint.load(odsCode);
      if (renewed.serviceRootUrl === practice.serviceRootUrl) throw error;
      return read(renewed);
    }
  };
}
