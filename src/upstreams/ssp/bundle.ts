import { isIncompleteBundle } from "../searchset.js";
import { expectResource, UnusableResponse } from "./unusable-response.js";
import { isRecord, type Json, list } from "./wire.js";

/**
 * The searchset in a response.
 *
 * @param matchType the resource type that was searched for.
 * @throws UnusableResponse when it is another resource, or only part of the result.
 */
export function readSearchset(body: unknown, matchType: string): BundleIndex {
  const bundle = expectResource(body, "Bundle");
  if (isIncompleteBundle(bundle, matchType)) throw new UnusableResponse("INCOMPLETE_RESPONSE");
  return new BundleIndex(bundle);
}

/** The resources of a bundle by type and id. Built once, because two weeks of slots can hold thousands of entries. */
export class BundleIndex {
  readonly #byKey = new Map<string, Json>();
  readonly #byType = new Map<string, Json[]>();
  /** Entries without a resource. */
  readonly emptyEntries: number;

  constructor(readonly bundle: Json) {
    let empty = 0;
    for (const entry of list(bundle.entry)) {
      const resource = isRecord(entry) ? entry.resource : undefined;
      if (isRecord(resource) && typeof resource.resourceType === "string")
        this.#add(resource, resource.resourceType);
      else empty += 1;
    }
    this.emptyEntries = empty;
  }

  #add(resource: Json, type: string): void {
    const ofType = this.#byType.get(type);
    if (ofType) ofType.push(resource);
    else this.#byType.set(type, [resource]);
    if (typeof resource.id === "string") this.#byKey.set(`${type}/${resource.id}`, resource);
  }

  get(type: string, id: string): Json | undefined {
    return this.#byKey.get(`${type}/${id}`);
  }

  all(type: string): readonly Json[] {
    return this.#byType.get(type) ?? [];
  }
}
