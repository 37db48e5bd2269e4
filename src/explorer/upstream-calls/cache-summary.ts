import { plural } from "../../web-ui/plural.js";
import { serviceName, sortServices } from "../../web-ui/sequence-diagram/call-words.js";
import type { CallLog } from "./call-log.js";

/** The cache use of a request in one line. Services without any use are left out. */
export function summariseCache(cache: CallLog["cache"]): string {
  return sortServices(Object.keys(cache))
    .flatMap((service) => {
      const { hits = 0, misses = 0, shared = 0 } = cache[service] ?? {};
      const parts = [
        hits > 0 && plural(hits, "hit"),
        misses > 0 && plural(misses, "miss", "misses"),
        shared > 0 && `${shared} shared`,
      ].filter((part) => part !== false);
      return parts.length === 0 ? [] : [`${serviceName(service)} ${parts.join(", ")}`];
    })
    .join(" · ");
}
