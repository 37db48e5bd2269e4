import type { SpineCall } from "../spine-trace.js";
import { outcomeWords, shortInteraction } from "./interaction.js";

export const LANES = [
  { id: "PDS", name: "PDS", duty: "demographics" },
  { id: "SDS", name: "SDS", duty: "directory" },
  { id: "SSP", name: "SSP", duty: "practices" },
  { id: "VM", name: "V&M", duty: "chargeable status" },
] as const;

export interface Bar {
  readonly call: SpineCall;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** Absent in a lane too crowded for words. */
  readonly label?: Label;
}

export interface Label {
  readonly text: string;
  readonly x: number;
  readonly anchor: "start" | "end";
  readonly inside: boolean;
}

export interface Lane {
  readonly id: string;
  readonly name: string;
  readonly duty: string;
  readonly y: number;
  readonly height: number;
  readonly bars: readonly Bar[];
}

export interface Diagram {
  readonly width: number;
  readonly height: number;
  /** Where time begins and ends, in pixels. */
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { readonly x: number; readonly ms: number }[];
  readonly app: { readonly y: number; readonly height: number };
  readonly graph: { readonly y: number; readonly height: number };
  readonly lanes: readonly Lane[];
}

/** A generous guess at the width of a letter, so that nothing needs to be measured. */
const LETTER = 6.9;
const ROW = 23;
const DENSE_ROW = 9;
const CROWDED = 12;
const EMPTY = 26;
const GAP = 6;
const PADDING = 5;

/**
 * Places the calls of a query: one lane for each service, time from left to right, and calls of a lane that overlap
 * in time (or whose words would) on rows of their own.
 */
export function layOut(calls: readonly SpineCall[], totalMs: number, width: number): Diagram {
  const from = width < 560 ? 70 : 164;
  const to = width - 12;
  const endMs = Math.max(totalMs, 1, ...calls.map((call) => call.startedMs + call.durationMs));
  const scale = (ms: number) => from + (ms / endMs) * (to - from);

  const app = { y: 20, height: 22 };
  const graph = { y: app.y + app.height + 16, height: 22 };
  let y = graph.y + graph.height + 18;
  const lanes: Lane[] = [];
  for (const lane of LANES) {
    const own = calls.filter((call) => laneOf(call) === lane.id);
    const { bars, height } = placeBars(own, y, { from, to, scale });
    lanes.push({ ...lane, y, height, bars });
    y += height + GAP;
  }
  return { width, height: y, from, to, ticks: ticks(endMs, scale, to - from), app, graph, lanes };
}

/** A token is asked of the platform that serves PDS, so it is drawn there. */
export function laneOf(call: SpineCall): string {
  return call.service === "TOKEN" ? "PDS" : call.service;
}

interface Plot {
  readonly from: number;
  readonly to: number;
  readonly scale: (ms: number) => number;
}

function placeBars(calls: readonly SpineCall[], top: number, plot: Plot): { bars: Bar[]; height: number } {
  if (calls.length === 0) return { bars: [], height: EMPTY };
  const crowded = calls.length > CROWDED;
  const row = crowded ? DENSE_ROW : ROW;
  const ends: number[] = [];
  const bars = [...calls]
    .sort((one, other) => one.startedMs - other.startedMs)
    .map((call) => {
      const x = plot.scale(call.startedMs);
      const width = Math.max(3, plot.scale(call.startedMs + call.durationMs) - x);
      const label = crowded ? undefined : placeLabel(call, x, width, plot);
      const words = label === undefined ? 0 : label.text.length * LETTER;
      const left = label?.anchor === "end" ? label.x - words : x;
      const right = Math.max(x + width, label?.anchor === "start" ? label.x + words : 0);
      const free = ends.findIndex((end) => end <= left);
      const index = free === -1 ? ends.length : free;
      ends[index] = right + (crowded ? 1 : 8);
      const bar = { call, x, y: top + PADDING + index * row, width, height: row - (crowded ? 2 : 5) };
      return label === undefined ? bar : { ...bar, label };
    });
  return { bars, height: Math.max(EMPTY, ends.length * row + 2 * PADDING - (crowded ? 0 : 5)) };
}

/**
 * Inside the bar where the words fit, else after it, else before it. Where nothing has room, fewer words are tried:
 * the drawing's title and the table have them all.
 */
function placeLabel(call: SpineCall, x: number, width: number, plot: Plot): Label {
  const name = shortInteraction(call.interaction);
  const outcome = outcomeWords(call.outcome);
  const texts = [[name, call.target, outcome], [name, outcome], [outcome || name.split(" ").at(-1)]].map(
    (facts) => facts.filter((fact) => fact).join(" · "),
  );
  for (const text of texts) {
    const words = text.length * LETTER;
    if (words + 12 <= width) return { text, x: x + 6, anchor: "start", inside: true };
    if (x + width + 6 + words <= plot.to) return { text, x: x + width + 6, anchor: "start", inside: false };
    if (x - 6 - words >= plot.from) return { text, x: x - 6, anchor: "end", inside: false };
  }
  return { text: "", x, anchor: "start", inside: false };
}

/** Round steps, as many as have room. */
function ticks(endMs: number, scale: (ms: number) => number, room: number): Diagram["ticks"] {
  const wanted = endMs / Math.max(2, Math.floor(room / 110));
  const power = 10 ** Math.floor(Math.log10(wanted));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= wanted) ?? wanted;
  const count = Math.floor(endMs / step + 1e-9);
  return Array.from({ length: count + 1 }, (_, index) => ({ ms: index * step, x: scale(index * step) }));
}
