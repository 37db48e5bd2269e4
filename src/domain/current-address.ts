import type { Address } from "./patient.js";
import { covers } from "./period.js";

/**
 * The home address valid today. When several are, the one that began last: an earlier one was left without an end. The
 * order in the record means nothing (PDS notes, 7.1).
 *
 * @param today London date.
 */
export function currentHomeAddress(addresses: readonly Address[], today: string): Address | undefined {
  const valid = addresses.filter(({ use, period }) => use === "home" && covers(period, today));
  const start = ({ period }: Address) => period?.start ?? "";
  return valid.sort((a, b) => (start(a) < start(b) ? 1 : start(a) > start(b) ? -1 : 0))[0];
}
