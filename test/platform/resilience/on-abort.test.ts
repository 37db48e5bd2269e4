import { getEventListeners } from "node:events";
import { onAbort } from "../../../src/platform/resilience/on-abort.js";

test("calls each callback once when the signal ends", () => {
  const controller = new AbortController();
  const called: string[] = [];
  onAbort(controller.signal, () => called.push("first"));
  onAbort(controller.signal, () => called.push("second"));
  controller.abort();
  controller.abort();
  expect(called).toEqual(["first", "second"]);
});

test("does not call a callback that was removed", () => {
  const controller = new AbortController();
  const called: string[] = [];
  const callback = () => called.push("the same callback");
  const stop = onAbort(controller.signal, callback);
  onAbort(controller.signal, callback);
  stop();
  controller.abort();
  expect(called).toHaveLength(1);
});

test("a callback may remove another one", () => {
  const controller = new AbortController();
  const called: string[] = [];
  let stopSecond = () => {};
  onAbort(controller.signal, () => stopSecond());
  stopSecond = onAbort(controller.signal, () => called.push("second"));
  controller.abort();
  expect(called).toEqual([]);
});

test("a thousand callbacks add one listener to the signal", () => {
  const { signal } = new AbortController();
  for (let waiting = 0; waiting < 1_000; waiting += 1) {
    onAbort(signal, () => {});
    onAbort(signal, () => {})();
  }
  expect(getEventListeners(signal, "abort")).toHaveLength(1);
});

test("a callback that was removed is not called, and a later one is", () => {
  const controller = new AbortController();
  const called: string[] = [];
  const stops = ["first", "second"].map((name) => onAbort(controller.signal, () => called.push(name)));
  for (const stop of stops) stop();
  onAbort(controller.signal, () => called.push("third"));
  controller.abort();
  expect(called).toEqual(["third"]);
});
