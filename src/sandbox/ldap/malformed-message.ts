/** Bytes that are no LDAP message. */
export class MalformedMessage extends Error {}

/**
 * The value that the codec has read.
 *
 * @throws MalformedMessage when there was none: the message ends too early
 */
export function required<Value>(value: Value | null | undefined): Value {
  if (value === null || value === undefined) throw new MalformedMessage("the message ends too early");
  return value;
}
