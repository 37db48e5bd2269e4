import { badResponse } from "./upstream-errors.js";

/** The directory's address is not a service root that can be used. */
export const UNUSABLE_DIRECTORY_ADDRESS = "UNUSABLE_DIRECTORY_ADDRESS";
/** The directory names a host that we must not call. */
export const DIRECTORY_HOST_NOT_ALLOWED = "DIRECTORY_HOST_NOT_ALLOWED";

/** Spine's own hosts in its environments, such as `msg.int.spine2.ncrs.nhs.uk` and `demographics.spineservices.nhs.uk`. */
export const SPINE_HOSTS: readonly string[] = [".ncrs.nhs.uk", ".spineservices.nhs.uk"];

/** The rules for an address of the directory that we call ourselves, and not through the proxy. */
export interface CalledAddressRules {
  /** Allowed hosts: a name, or a suffix with a leading dot. Left out: every host. */
  readonly hosts?: readonly string[] | undefined;
  /** Whether `http:` is refused. */
  readonly requiresTls: boolean;
}

/** Scheme, authority without user info, and a path. No query, fragment or backslash. */
const SERVICE_ROOT = /^https?:\/\/[^/?#\\@]+(\/[^?#\\]*)?$/i;
/** No white space, control character or character that is not visible as itself: URLs are ASCII. */
const VISIBLE_ASCII = /^[\x21-\x7E]+$/;

/**
 * A FHIR service root as the directory registered it, without white space around it, which has no meaning on the wire.
 * Nothing else is changed, because the proxy compares the root with the directory.
 *
 * @returns undefined when the address cannot be a service root.
 */
export function parseServiceRoot(address: string): string | undefined {
  const root = address.trim();
  if (!VISIBLE_ASCII.test(root) || !SERVICE_ROOT.test(root) || !URL.canParse(root)) return undefined;
  return new URL(root).hostname.endsWith(".") ? undefined : root;
}

/**
 * Checks an address of the directory before we call it with a patient's NHS number.
 *
 * @throws UpstreamError of service SDS, not retryable: the directory's entry is wrong.
 */
export function requireCalledAddress(address: string, { hosts, requiresTls }: CalledAddressRules): void {
  if (parseServiceRoot(address) !== address) throw badResponse("SDS", UNUSABLE_DIRECTORY_ADDRESS);
  const { protocol, hostname } = new URL(address);
  if (requiresTls && protocol !== "https:") throw badResponse("SDS", UNUSABLE_DIRECTORY_ADDRESS);
  const isAllowed = (host: string) => (host.startsWith(".") ? hostname.endsWith(host) : hostname === host);
  if (hosts && !hosts.some(isAllowed)) throw badResponse("SDS", DIRECTORY_HOST_NOT_ALLOWED);
}
