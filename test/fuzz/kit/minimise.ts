import { parse } from "./mutate.js";
import { isBox, placesIn, remove } from "./mutate-structure.js";

const MOST_TRIES = 1_500;

/**
 * A smaller document that does the same: members are taken away as long as the fault stays. A text that is no JSON
 * is cut at its ends instead.
 */
export async function minimise(body: string, isSame: (body: string) => Promise<boolean>): Promise<string> {
  let tries = 0;
  let least = body;
  const better = async (candidate: string) => {
    tries += 1;
    if (candidate.length >= least.length || !(await isSame(candidate))) return false;
    least = candidate;
    return true;
  };
  if (!isBox(parse(body))) {
    for (let part = body.length; part >= 1 && tries < MOST_TRIES; part = Math.floor(part / 2)) {
      while (least.length > part && tries < MOST_TRIES && (await better(least.slice(part))));
      while (least.length > part && tries < MOST_TRIES && (await better(least.slice(0, -part))));
    }
    return least;
  }
  for (let index = 0; tries < MOST_TRIES; ) {
    const document = parse(least);
    const place = isBox(document) ? placesIn(document)[index] : undefined;
    if (!place) break;
    remove(place);
    if (!(await better(written(document) ?? least))) index += 1;
  }
  return least;
}

/** Undefined for a nest too deep to be written by recursion. */
function written(document: unknown): string | undefined {
  try {
    return JSON.stringify(document);
  } catch {
    return undefined;
  }
}
