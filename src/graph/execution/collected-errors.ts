import type { GraphQLError } from "graphql";

/**
 * The errors of one execution. As in graphql-js, an error beneath a place that has become null is dropped: the field goes on
 * although nobody sees it.
 */
export class CollectedErrors {
  readonly errors: GraphQLError[] = [];
  readonly #nulled = new Set<string>();

  /** @param keys the place that becomes null; none for the whole of the data. */
  add(error: GraphQLError, keys: readonly (string | number)[]): void {
    let place = "";
    if (this.#nulled.has(place)) return;
    for (const key of keys) {
      place += `/${key}`;
      if (this.#nulled.has(place)) return;
    }
    this.#nulled.add(place);
    this.errors.push(error);
  }
}
