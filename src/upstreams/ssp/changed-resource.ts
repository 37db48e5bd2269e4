import type { Node } from "jsonc-parser";
import type { AppointmentChanges } from "./gp-connect-client.js";
import {
  hasDuplicateNames,
  JsonEditor,
  memberOf,
  membersOf,
  nameIn,
  nodesInside,
  valueIn,
} from "./json-text.js";
import { UnusableResponse } from "./unusable-response.js";
import { EXTENSION, type Json } from "./wire.js";

/** An appointment as text, exactly as the practice sent it. A change edits the text and sends it back. */
export interface ReceivedText {
  readonly text: string;
}

/** Far more levels than any resource has, and few enough to walk recursively. */
const MOST_LEVELS = 100;

/**
 * @param resource the parsed text.
 * @throws UnusableResponse when the resource could not be sent back: it is nested more deeply than any real one, or names a
 *   member twice, so that we and the practice may disagree about its value.
 */
export function toReceivedText(text: string, resource: Json): ReceivedText {
  const content = text.replace(/^\uFEFF/, "");
  if (isTooDeep(resource) || hasDuplicateNames(new JsonEditor(content).root)) {
    throw new UnusableResponse("WRONG_RESOURCE");
  }
  return { text: content };
}

/**
 * The resource to PUT for a cancellation: as received, except for status and reason (GP Connect notes, section 8.8).
 * Practices compare everything else with what they hold.
 */
export function toCancelledText(received: object, reason: string): string {
  const editor = editorOf(received);
  editor.setMember(editor.root, "status", JSON.stringify("cancelled"));
  const cancellation = { url: EXTENSION.cancellationReason, valueString: reason };
  editor.appendToMember(editor.root, "extension", JSON.stringify(cancellation));
  return editor.toString();
}

/**
 * The resource to PUT for an amendment: as received, except for description and comment (section 8.7). FHIR has no
 * empty strings, so an empty comment removes the element. A cancellation reason must not be sent.
 */
export function toAmendedText(received: object, { description, comment }: AppointmentChanges): string {
  const editor = editorOf(received);
  if (description !== undefined) editor.setMember(editor.root, "description", JSON.stringify(description));
  if (comment) editor.setMember(editor.root, "comment", JSON.stringify(comment));
  const present = memberOf(editor.root, "comment");
  const isEmpty = comment === "" || (comment === undefined && present && valueIn(present)?.value === "");
  if (present && isEmpty) editor.remove(present);
  return editor.toString();
}

/** An editor from whose text the earlier reason and the extensions that must not be sent back are removed. */
function editorOf(received: object): JsonEditor {
  if (!isReceivedText(received)) throw new TypeError("the appointment was not read by this client");
  const editor = new JsonEditor(received.text);
  const isReason = (extension: Node) => textMember(extension, "url") === EXTENSION.cancellationReason;
  const own = memberOf(editor.root, "extension");
  for (const reason of own ? extensionsOf(own).filter(isReason) : []) editor.remove(reason);
  // Inner extensions come first, so that one whose children are all removed is removed too.
  for (const node of nodesInside(editor.root)) {
    if (node.type === "property" && nameIn(node) === "extension") removeEmpty(node, editor);
  }
  return editor;
}

function isReceivedText(received: object): received is ReceivedText {
  return "text" in received && typeof received.text === "string";
}

/**
 * Removes extensions with neither value nor children. Some systems send such extensions, and refuse them when they are sent
 * back (section 8.7).
 */
function removeEmpty(member: Node, editor: JsonEditor): void {
  const extensions = extensionsOf(member);
  for (const extension of extensions) {
    const hasContent = membersOf(extension).some(
      (one) => !editor.isRemoved(one) && /^(extension$|_?value)/.test(String(nameIn(one))),
    );
    if (!hasContent) editor.remove(extension);
  }
  const items = valueIn(member)?.type === "array" ? (valueIn(member)?.children ?? []) : extensions;
  if (items.every((item) => editor.isRemoved(item))) editor.remove(member);
}

/** The objects of an `extension` member, whether it is a list or a single object. */
function extensionsOf(member: Node): readonly Node[] {
  const value = valueIn(member);
  const items = value?.type === "array" ? (value.children ?? []) : value ? [value] : [];
  return items.filter(({ type }) => type === "object");
}

function textMember(object: Node, name: string): unknown {
  const member = memberOf(object, name);
  return member && valueIn(member)?.value;
}

function isTooDeep(resource: Json): boolean {
  let level: unknown[] = [resource];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MOST_LEVELS) return true;
    level = level.flatMap((value) =>
      typeof value === "object" && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}
