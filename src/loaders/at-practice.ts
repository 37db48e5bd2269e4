import type { DirectoryEntry } from "../domain/directory-entry.js";
import type { OdsCode } from "../domain/ods-code.js";
import { UpstreamError } from "../platform/errors.js";
import type { EndpointLoaders } from "./endpoint.loader.js";

/** Makes a read at a practice, where the directory says that it is. */
export type AtPractice = <T>(odsCode: OdsCode, read: (practice: DirectoryEntry) => Promise<T>) => Promise<T>;

/**
 * When the proxy says that the address is not the registered one (any more), as happens while a practice changes
 * its supplier, the directory is asked afresh and the read made once more at the new address (assurance notes, 2.3).
 * Reads only: a command that was refused is for its journey to judge.
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
