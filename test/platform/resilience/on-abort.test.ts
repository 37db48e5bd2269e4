import { getEventListeners } from "node:events";
import { onAbort } from "../../../src/platform/resilience/on-abort.js";

test("calls back each who waits, once, when the signal ends", () => {
  const controller = new AbortController();
  const called: string[] = [];
  onAbort(controller.signal, () => called.push("first"));
  onAbort(controller.signal, () => called.push("second"));
  controller.abort();
  controller.abort();
  expect(called).toEqual(["first", "second"]);
});

test("calls nobody back who has stopped waiting", () => {
  const controller = new AbortController();
  const called: string[] = [];
  const callback = () => called.push("the same callback");
  const stop = onAbort(controller.signal, callback);
  onAbort(controller.signal, callback);
  stop();
  controller.abort();
  expect(called).toHaveLength(1);
});

test("one who is called back may take another off the list", () => {
  const controller = new AbortController();
  const called: string[] = [];
  let stopSecond = () => {};
  onAbort(controller.signal, () => stopSecond());
  stopSecond = onAbort(controller.signal, () => called.push("second"));
  controller.abort();
  expect(called).toEqual([]);
});

test("a thousand who wait are one listener of the signal", () => {
  const { signal } = new AbortController();
  for (let waiting = 0; waiting < 1_000; waiting += 1) onAbort(signal, () => {});
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
});

test("nobody waiting any more, the signal has no listener, and the next to wait is called back", () => {
  const controller = new AbortController();
  const called: string[] = [];
  const stops = ["first", "second"].map((name) => onAbort(controller.signal, () => called.push(name)));
  for (const stop of stops) stop();
  expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  onAbort(controller.signal, () => called.push("third"));
  controller.abort();
  expect(called).toEqual(["third"]);
});
