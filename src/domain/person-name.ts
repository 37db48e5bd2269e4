import type { HumanName } from "./patient.js";
import { covers } from "./period.js";

/** Order of preference among the uses that PDS and GP systems write. */
const USES = ["official", "usual", "temp", "nickname", undefined];
/** Names that the person no longer has, whether or not the record says since when. */
const FORMER_USES = ["maiden", "old"];

/**
 * The name to show: the usual one valid today, else the next in order of preference. A name whose period has ended comes
 * after all valid ones, the one that ended last first; a former name comes last. Never simply the first, because the order
 * in the record means nothing (PDS notes, 7.1).
 *
 * @param today London date.
 */
export function currentName(names: readonly HumanName[], today: string): HumanName | undefined {
  const rank = (name: HumanName) => {
    const former = FORMER_USES.indexOf(name.use ?? "");
    if (former >= 0) return 200 + former;
    const place = USES.indexOf(name.use);
    return (place < 0 ? USES.length : place) + (covers(name.period, today) ? 0 : 100);
  };
  const end = (name: HumanName) => name.period?.end ?? "";
  return [...names].sort((a, b) => rank(a) - rank(b) || (end(a) < end(b) ? 1 : end(a) > end(b) ? -1 : 0))[0];
}

/** "Mrs Maya Rose LINDQVIST": the way NHS screens write a name. */
export function displayName(name: HumanName): string {
  return [...name.prefix, ...name.given, name.family?.toUpperCase(), ...name.suffix]
    .filter((part) => part !== undefined && part !== "")
    .join(" ");
}
