import { describeOutcome, shortInteraction } from "./interaction.js";
import type { UpstreamCall } from "./upstream-call.js";

/** The services in the order in which they are drawn, from top to bottom. */
export const LIFELINES = [
  { id: "PDS", name: "PDS", purpose: "demographics" },
  { id: "SDS", name: "SDS", purpose: "directory" },
  { id: "SSP", name: "SSP", purpose: "practices" },
  { id: "VM", name: "V&M", purpose: "chargeable status" },
] as const;

export interface Bar {
  readonly call: UpstreamCall;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Absent when the lifeline has too many calls to label each. */
  readonly label?: Label;
}

export interface Label {
  readonly text: string;
  readonly x: number;
  readonly anchor: "start" | "end";
  /** Whether the text is drawn on the bar or beside it. */
  readonly inside: boolean;
}

export interface Lifeline {
  readonly id: string;
  readonly name: string;
  readonly purpose: string;
  readonly y: number;
  readonly height: number;
  readonly bars: readonly Bar[];
}

export interface Diagram {
  readonly width: number;
  readonly height: number;
  /** The horizontal positions of the start and the end of the request, in pixels. */
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly x: number; readonly ms: number }[];
  readonly client: { readonly y: number; readonly height: number };
  readonly graph: { readonly y: number; readonly height: number };
  readonly lifelines: readonly Lifeline[];
}

/** An upper estimate of the width of a character in pixels, so that no text has to be measured. */
const CHARACTER_WIDTH = 6.9;
const ROW_HEIGHT = 23;
const DENSE_ROW_HEIGHT = 9;
/** A lifeline with more calls than this is drawn in dense rows without labels. */
const MAX_LABELLED_CALLS = 12;
const EMPTY_HEIGHT = 26;
const GAP = 6;
const PADDING = 5;

/**
 * Lays out the calls of one request: one lifeline for each service, time from left to right. Calls of a lifeline that
 * overlap in time, or whose labels would overlap, get separate rows.
 */
export function layOutDiagram(calls: readonly UpstreamCall[], totalMs: number, width: number): Diagram {
  const from = width < 560 ? 70 : 164;
  const to = width - 12;
  const endMs = Math.max(totalMs, 1, ...calls.map((call) => call.startedMs + call.durationMs));
  const scale = (ms: number) => from + (ms / endMs) * (to - from);

  const client = { y: 20, height: 22 };
  const graph = { y: client.y + client.height + 16, height: 22 };
  let y = graph.y + graph.height + 18;
  const lifelines: Lifeline[] = [];
  for (const lifeline of LIFELINES) {
    const own = calls.filter((call) => lifelineOf(call) === lifeline.id);
    const { bars, height } = placeBars(own, y, { from, to, scale });
    lifelines.push({ ...lifeline, y, height, bars });
    y += height + GAP;
  }
  return { width, height: y, from, to, ticks: ticks(endMs, scale, to - from), client, graph, lifelines };
}

/** The platform that serves PDS also issues the tokens, so token calls are drawn on the PDS lifeline. */
export function lifelineOf(call: UpstreamCall): string {
  return call.service === "TOKEN" ? "PDS" : call.service;
}

interface Plot {
  readonly from: number;
  readonly to: number;
  readonly scale: (ms: number) => number;
}

function placeBars(calls: readonly UpstreamCall[], top: number, plot: Plot): { bars: Bar[]; height: number } {
  if (calls.length === 0) return { bars: [], height: EMPTY_HEIGHT };
  const dense = calls.length > MAX_LABELLED_CALLS;
  const row = dense ? DENSE_ROW_HEIGHT : ROW_HEIGHT;
  const ends: number[] = [];
  const bars = [...calls]
    .sort((one, other) => one.startedMs - other.startedMs)
    .map((call) => {
      const x = plot.scale(call.startedMs);
      const width = Math.max(3, plot.scale(call.startedMs + call.durationMs) - x);
      const label = dense ? undefined : placeLabel(call, x, width, plot);
      const textWidth = label === undefined ? 0 : label.text.length * CHARACTER_WIDTH;
      const left = label?.anchor === "end" ? label.x - textWidth : x;
      const right = Math.max(x + width, label?.anchor === "start" ? label.x + textWidth : 0);
      const free = ends.findIndex((end) => end <= left);
      const index = free === -1 ? ends.length : free;
      ends[index] = right + (dense ? 1 : 8);
      const bar = { call, x, y: top + PADDING + index * row, width, height: row - (dense ? 2 : 5) };
      return label === undefined ? bar : { ...bar, label };
    });
  return { bars, height: Math.max(EMPTY_HEIGHT, ends.length * row + 2 * PADDING - (dense ? 0 : 5)) };
}

/**
 * Places the label inside the bar when it fits, otherwise after the bar, otherwise before it. If none of these has room,
 * a shorter text is tried. The tooltip of the bar and the table always have the full text.
 */
function placeLabel(call: UpstreamCall, x: number, width: number, plot: Plot): Label {
  const name = shortInteraction(call.interaction);
  const outcome = describeOutcome(call.outcome);
  const texts = [[name, call.target, outcome], [name, outcome], [outcome || name.split(" ").at(-1)]].map(
    (facts) => facts.filter((fact) => fact).join(" · "),
  );
  for (const text of texts) {
    const textWidth = text.length * CHARACTER_WIDTH;
    if (textWidth + 12 <= width) return { text, x: x + 6, anchor: "start", inside: true };
    if (x + width + 6 + textWidth <= plot.to)
      return { text, x: x + width + 6, anchor: "start", inside: false };
    if (x - 6 - textWidth >= plot.from) return { text, x: x - 6, anchor: "end", inside: false };
  }
  return { text: "", x, anchor: "start", inside: false };
}

/** Round steps, as many as fit. */
function ticks(endMs: number, scale: (ms: number) => number, available: number): Diagram["ticks"] {
  const minimum = endMs / Math.max(2, Math.floor(available / 110));
  const power = 10 ** Math.floor(Math.log10(minimum));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= minimum) ?? minimum;
  const count = Math.floor(endMs / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => ({ ms: index * step, x: scale(index * step) }));
}
