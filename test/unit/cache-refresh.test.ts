import Keyv from "keyv";
import type { Load, Loaded, ScopedCache } from "../../src/platform/cache/scoped-cache.js";
import { CallLog } from "../../src/platform/telemetry/call-log.js";
import type { CallContext } from "../../src/upstreams/call-context.js";
import { badResponse } from "../../src/upstreams/upstream-errors.js";
import { testContext } from "../support/call-context.js";
import { counts, entry, LIFE_MS, settle, setUp, shared } from "./cache-set-up.js";

describe("refresh ahead", () => {
  /** Uses the entry in a request that then ends. */
  async function use(cache: ScopedCache, load: Load<unknown, CallContext>, facts = {}, of = shared) {
    const request = new AbortController();
    const context = testContext({ signal: request.signal, ...facts });
    const value = await cache.get(of, context, load);
    await settle();
    const end = () => {
      request.abort();
      return settle();
    };
    return { value, context, end };
  }

  test("an entry used in the last fifth of its time to live is reloaded when the request has ended", async () => {
    const { cache, clock, load, loads } = setUp();
    await (await use(cache, load)).end();
    clock.advance(LIFE_MS * 0.8 - 1);
    await (await use(cache, load)).end();
    expect(loads()).toBe(1);
    clock.advance(1);
    const request = await use(cache, load);
    expect(request.value).toBe("answer 1");
    expect(loads()).toBe(1);
    await request.end();
    expect(loads()).toBe(2);
    expect(counts(request.context, "SSP")).toEqual({ hits: 1, misses: 0, shared: 0 });
    // The new answer has a whole life before it.
    clock.advance(LIFE_MS * 0.8 - 1);
    expect((await use(cache, load)).value).toBe("answer 2");
  });

  test("the refresh is audited under the caller, with its own deadline, and is not in the request's call log", async () => {
    const { cache, clock, load } = setUp();
    await (await use(cache, load)).end();
    clock.advance(LIFE_MS * 0.9);
    const recorded: unknown[] = [];
    const calls = new CallLog(clock, (record) => recorded.push(record));
    const contexts: unknown[] = [];
    const request = await use(
      cache,
      async (context) => {
        contexts.push({ ...context, aborted: context.signal.aborted });
        context.calls.begin({ service: "SSP", interaction: "urn:test", target: "T81001" }).end("OK");
        context.audit.record({ operation: "SSP urn:test", outcome: "SUCCEEDED" });
        return { value: "fresh", keep: true };
      },
      { calls },
    );
    expect(calls.calls).toEqual([]);
    await request.end();
    const { caller, correlationId } = request.context;
    expect(contexts).toEqual([expect.objectContaining({ caller, correlationId, aborted: false })]);
    expect(recorded).toHaveLength(1);
    expect(request.context.events).toEqual([{ operation: "SSP urn:test", outcome: "SUCCEEDED" }]);
  });

  test("an entry is refreshed once, however many requests use it", async () => {
    const { cache, clock, load, loads } = setUp();
    await (await use(cache, load)).end();
    clock.advance(LIFE_MS * 0.9);
    const requests = await Promise.all(Array.from({ length: 200 }, () => use(cache, load)));
    await Promise.all(requests.map(({ end }) => end()));
    expect(loads()).toBe(2);
  });

  test.each<[string, () => Promise<Loaded<string>>]>([
    ["fails", () => Promise.reject(badResponse("SSP", "NOT_JSON"))],
    ["loads nothing to keep", async () => ({ value: "none", keep: false })],
  ])("a refresh that %s leaves the old value until it expires, and is not repeated", async (_, failing) => {
    const { cache, clock, load } = setUp();
    await (await use(cache, load)).end();
    clock.advance(LIFE_MS * 0.9);
    const refresh = jest.fn(failing);
    await (await use(cache, refresh)).end();
    const after = await use(cache, refresh);
    expect(after.value).toBe("answer 1");
    await after.end();
    expect(refresh).toHaveBeenCalledTimes(1);
    clock.advance(LIFE_MS * 0.1);
    expect((await use(cache, load)).value).toBe("answer 2");
  });

  test("nothing is reloaded when another instance was faster", async () => {
    const store = new Keyv();
    const one = setUp({ store });
    const other = setUp({ store });
    await (await use(one.cache, one.load)).end();
    one.clock.advance(LIFE_MS * 0.9);
    other.clock.advance(LIFE_MS * 0.9);
    const request = await use(one.cache, one.load);
    await (await use(other.cache, other.load)).end();
    expect(other.loads()).toBe(1);
    await request.end();
    expect(one.loads()).toBe(1);
  });

  test("an entry of a session is never refreshed", async () => {
    const { cache, clock, load, loads } = setUp();
    await (await use(cache, load, {}, entry())).end();
    clock.advance(LIFE_MS * 0.9);
    await (await use(cache, load, {}, entry())).end();
    expect(loads()).toBe(1);
  });

  test("closing aborts the refreshes in progress and starts none", async () => {
    const { cache, clock, load } = setUp();
    await (await use(cache, load)).end();
    clock.advance(LIFE_MS * 0.9);
    const stopped = jest.fn();
    const untilStopped: Load<unknown, CallContext> = ({ signal }) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          stopped();
          reject(signal.reason);
        });
      });
    await (await use(cache, untilStopped)).end();
    await cache.close();
    expect(stopped).toHaveBeenCalledTimes(1);

    const closed = setUp();
    await (await use(closed.cache, closed.load)).end();
    closed.clock.advance(LIFE_MS * 0.9);
    const request = await use(closed.cache, closed.load);
    await closed.cache.close();
    await request.end();
    expect(closed.loads()).toBe(1);
  });
});
