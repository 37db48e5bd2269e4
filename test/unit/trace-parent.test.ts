import { parseTraceParent } from "../../src/platform/telemetry/trace-parent.js";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN = "00f067aa0ba902b7";

test("a traceparent of the W3C form is read", () => {
  expect(parseTraceParent(`00-${TRACE}-${SPAN}-01`)).toEqual({
    traceId: TRACE,
    spanId: SPAN,
    isSampled: true,
  });
  expect(parseTraceParent(`00-${TRACE}-${SPAN}-00`)?.isSampled).toBe(false);
  expect(parseTraceParent(`00-${TRACE}-${SPAN}-03`)?.isSampled).toBe(true);
});

test("a traceparent of a later version may have more fields", () => {
  expect(parseTraceParent(`01-${TRACE}-${SPAN}-01-more`)?.traceId).toBe(TRACE);
});

test.each([
  ["no header", undefined],
  ["a list", ["a", "b"]],
  ["an empty text", ""],
  ["two headers in one", `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
  ["capital letters", `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ["more fields in version 00", `00-${TRACE}-${SPAN}-01-more`],
  ["version ff", `ff-${TRACE}-${SPAN}-01`],
  ["a trace id of zeros", `00-${"0".repeat(32)}-${SPAN}-01`],
  ["a span id of zeros", `00-${TRACE}-${"0".repeat(16)}-01`],
  ["an NHS number filled up with zeros on the left", `00-${"9000000009".padStart(32, "0")}-${SPAN}-01`],
  ["an NHS number filled up with zeros on the right", `00-${"9000000009".padEnd(32, "0")}-${SPAN}-01`],
  ["an NHS number between letters", `00-${"a9000000009".padEnd(32, "b")}-${SPAN}-01`],
  ["an NHS number in the span id", `00-${TRACE}-${"9000000009".padEnd(16, "f")}-01`],
])("a traceparent is not used: %s", (_case, header) => {
  expect(parseTraceParent(header)).toBeUndefined();
});
