import { CASES } from "../../bench/calls/cases.js";
import { type CallsResult, runCalls } from "../../bench/calls/run-calls.js";
import { type Stub, startStub } from "../../bench/upstreams/stub.js";

/** Runs the benchmark of the calls once with almost no latency: checks that it runs and what it counts, never times. */
let stub: Stub;
let result: CallsResult;
beforeAll(async () => {
  stub = await startStub();
  const latencies = { PDS: 2, SDS: 2, SSP: 2, VM: 2 };
  result = await runCalls({ upstreams: stub, latencies, cases: CASES, runs: 1, warmUps: 0 });
});
afterAll(() => stub?.close());

const resultOf = (name: string) => result.cases.find((each) => each.case.name === name);

test.each(CASES)("$name: makes only the minimum number of calls", ({ name, cold, again }) => {
  const measured = resultOf(name);
  expect(measured?.cold.map(({ calls }) => calls)).toEqual(cold ? [cold.calls] : []);
  expect(measured?.again.map(({ calls }) => calls)).toEqual(again ? [again.calls] : []);
});

test("the naive sequence succeeds and needs at least as many calls", () => {
  const calls = resultOf("the card")?.naive.map((sample) => sample.calls);
  expect(calls).toEqual([{ PDS: 1, SDS: 4, SSP: 2, VM: 1 }]);
  expect(resultOf("a booking, after slots were shown")?.naive[0]?.calls).toEqual({
    PDS: 1,
    SDS: 2,
    SSP: 2,
    VM: 0,
  });
});

test("the benchmark covers every line of the table", () => {
  expect(CASES).toHaveLength(11);
});
