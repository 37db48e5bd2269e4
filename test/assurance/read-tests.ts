import { type CallExpression, type Expression, parseSync } from "@swc/core";

/** A call of `test` or `describe` in a source file, with or without a proof comment. */
export interface TestCall {
  /** The titles from the outermost `describe` to this call. */
  readonly titles: readonly string[];
  /** The first line of the call, counted from 0. */
  readonly line: number;
  /**
   * Whether jest may skip it or inverts its result: `skip`, `todo`, `xtest`, `failing`; inside such a suite; or inside the
   * call of another function, such as a name that is `describe` on one machine and `describe.skip` on another.
   */
  readonly skipped: boolean;
}

const SUITES = new Set(["describe", "xdescribe", "fdescribe", "describeNeeding"]);
const TESTS = new Set(["test", "it", "xtest", "xit", "fit"]);
const SKIPPING = new Set(["skip", "todo", "failing", "xdescribe", "xtest", "xit"]);

/** Every test and suite of a TypeScript source, in order. Throws if the source cannot be parsed. */
export function readTests(text: string): TestCall[] {
  // Spans count bytes from 1, relative to the first token of the module. The semicolon puts that token on byte 1.
  const source = Buffer.from(`;${text}`);
  const calls: TestCall[] = [];

  const visit = (node: unknown, titles: readonly string[], skipped: boolean): void => {
    if (Array.isArray(node)) for (const each of node) visit(each, titles, skipped);
    if (typeof node !== "object" || node === null || Array.isArray(node)) return;
    const call = isCall(node) ? namesOf(node.callee) : undefined;
    const isSuite = SUITES.has(call?.[0] ?? "");
    if (call === undefined || !isCall(node) || !(isSuite || TESTS.has(call[0] ?? ""))) {
      for (const child of Object.values(node)) visit(child, titles, skipped || isCall(node));
      return;
    }
    const title = node.arguments[call[0] === "describeNeeding" ? 1 : 0]?.expression;
    const own = [...titles, title === undefined ? "" : titleOf(title, source)];
    const isSkipped = skipped || call.some((name) => SKIPPING.has(name));
    calls.push({ titles: own, line: lineAt(source, node.span.start), skipped: isSkipped });
    for (const child of node.arguments) visit(child.expression, isSuite ? own : titles, isSkipped);
  };

  visit(
    parseSync(source.toString(), { syntax: "typescript", decorators: true, target: "es2022" }).body,
    [],
    false,
  );
  return calls;
}

function isCall(node: object): node is CallExpression {
  return (node as { type?: string }).type === "CallExpression";
}

/** `test.skip.each(table)` as `["test", "skip", "each"]`; undefined for the call of anything but a name. */
function namesOf(callee: Expression | { type: string }): readonly string[] | undefined {
  const each = callee as Expression;
  if (each.type === "Identifier") return [each.value];
  // `test.each(table)` returns the function that defines the test, so the outer call is the one that counts.
  if (each.type === "CallExpression" || each.type === "TaggedTemplateExpression") {
    const names = namesOf(each.type === "CallExpression" ? each.callee : each.tag);
    return names?.at(-1) === "each" ? names.slice(0, -1) : undefined;
  }
  if (each.type !== "MemberExpression" || each.property.type !== "Identifier") return undefined;
  const names = namesOf(each.object);
  return names && [...names, each.property.value];
}

function titleOf(title: Expression, source: Buffer): string {
  if (title.type === "StringLiteral") return title.value;
  const { start, end } = (title as { span: { start: number; end: number } }).span;
  return source
    .subarray(start - 1, end - 1)
    .toString()
    .replace(/^`(.*)`$/s, "$1");
}

function lineAt(source: Buffer, position: number): number {
  return (
    source
      .subarray(0, position - 1)
      .toString()
      .split("\n").length - 1
  );
}
