import type { SendEnd } from "../commands/command-definition.js";
import type { DirectoryEntry } from "../domain/directory-entry.js";
import { UpstreamError } from "../platform/errors.js";
import type { JourneyContext } from "./journey-context.js";

/**
 * How a send ended that brought no success response, and no conflict that its command knows better (design section 9).
 *
 * What provably never reached the practice is `unsent`: nothing left us, or the proxy itself refused it and the same
 * request may succeed. Any other refusal by the proxy (no sharing agreement, no accreditation, a verb or type that it does not
 * forward) would be repeated, so it stands.
 */
export function toFailedEnd(error: unknown): SendEnd<never> {
  // An error of another kind may have struck after the request had left.
  if (!(error instanceof UpstreamError)) return { kind: "unclear" };
  if (error.outcomeUnknown) return { kind: "unclear", error };
  if (error.httpStatus === undefined || (error.notForwarded && error.retryable))
    return { kind: "unsent", error };
  return { kind: "refused", error };
}

/**
 * What the next send needs. When the proxy says that the practice's address has changed, the directory is queried again,
 * once (GP Connect notes, 3.3).
 *
 * @returns undefined when the directory has no other address: the proxy would refuse the next send too.
 */
export async function prepareResend<R extends { readonly practice: DirectoryEntry }>(
  ready: R,
  { reason }: UpstreamError,
  { loaders }: JourneyContext,
): Promise<R | undefined> {
  if (reason !== "ENDPOINT_CHANGED") return ready;
  const { odsCode, serviceRootUrl } = ready.practice;
  const practice = await loaders.renewedEndpoint.load(odsCode).catch(() => undefined);
  if (practice === undefined || practice.serviceRootUrl === serviceRootUrl) return undefined;
  return { ...ready, practice };
}
