import { UpstreamError } from "../../platform/errors.js";
import { type Held, lastOpenSend } from "../../platform/intents/index.js";

/**
 * The steps that lead up to sending a command. While something that was sent earlier under its key may still be carried
 * out, no reason that ends them may be told as "not done", and no fault be taken for it.
 *
 * @param held the intent of the earlier ask, if there was one.
 */
export async function unlessOpen<O extends { readonly kind: string }, R extends { readonly kind: "ready" }>(
  held: Held | undefined,
  unknown: () => O,
  steps: () => Promise<R | O>,
): Promise<R | O> {
  if (held === undefined || lastOpenSend(held.intent) === undefined) return steps();
  try {
    const end = await steps();
    return end.kind === "ready" ? end : unknown();
  } catch (error) {
    if (error instanceof UpstreamError) return unknown();
    throw error;
  }
}
