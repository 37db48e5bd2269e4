import { Supervisor, type WorkerProcess } from "../../../src/server/workers/supervisor.js";

class FakeWorker implements WorkerProcess {
  readonly signals: string[] = [];
  #onExit = () => {};

  constructor(readonly id: number) {}

  onExit(listen: () => void): void {
    this.#onExit = listen;
  }

  kill(signal: string): void {
    this.signals.push(signal);
  }

  die(): void {
    this.#onExit();
  }
}

function supervise(count = 2) {
  const forked: FakeWorker[] = [];
  const pauses: { readonly ms: number; readonly work: () => void }[] = [];
  const failures: Error[] = [];
  let state: { areReady: boolean; leader: FakeWorker | undefined } = { areReady: false, leader: undefined };
  const clock = { ms: 0, now: () => clock.ms };
  const supervisor = new Supervisor<FakeWorker>({
    count,
    clock,
    log: { info: () => {}, warn: () => {} },
    fork: () => {
      const worker = new FakeWorker(forked.length + 1);
      forked.push(worker);
      return worker;
    },
    onChange: (now) => {
      state = now;
    },
    onExit: () => {},
    wait: (ms, work) => void pauses.push({ ms, work }),
  });
  let isStarted = false;
  void supervisor
    .start((error) => failures.push(error))
    .then(() => {
      isStarted = true;
    });
  return {
    supervisor,
    clock,
    forked,
    pauses,
    failures,
    state: () => state,
    isStarted: async () => {
      await Promise.resolve();
      return isStarted;
    },
    /** Both workers are ready. */
    startAll() {
      for (let id = 1; id <= count; id += 1) supervisor.markReady(id);
    },
    /** Lets the next replacement start, and returns it. */
    replace(): FakeWorker {
      pauses.at(-1)?.work();
      const worker = forked.at(-1);
      if (worker === undefined) throw new Error("nothing was started");
      return worker;
    },
  };
}

test("one worker starts alone, so that one process brings the store up to date; then the others start", async () => {
  const { supervisor, forked, isStarted, state } = supervise(3);
  expect(forked.length).toBe(1);

  supervisor.markReady(1);
  expect(forked.length).toBe(3);
  expect(state()).toMatchObject({ areReady: false });
  expect(await isStarted()).toBe(false);

  supervisor.markReady(2);
  supervisor.markReady(3);
  expect(await isStarted()).toBe(true);
  expect(state()).toEqual({ areReady: true, leader: forked[0] });
});

test.each([1, 2])("worker %i that ends during the first start ends the program", (id) => {
  const { supervisor, forked, failures, pauses } = supervise();
  if (id === 2) supervisor.markReady(1);

  forked[id - 1]?.die();

  expect(failures.length).toBe(1);
  expect(pauses).toEqual([]);
});

test("the pause before a replacement doubles while replacements do not last, up to 10 s, and starts again after one has", () => {
  const { supervisor, startAll, forked, pauses, replace, clock, failures } = supervise();
  startAll();

  forked[0]?.die();
  for (let deaths = 0; deaths < 8; deaths += 1) replace().die();
  expect(pauses.map(({ ms }) => ms)).toEqual([100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);

  const stable = replace();
  supervisor.markReady(stable.id);
  clock.ms += 60_000;
  stable.die();
  expect(pauses.at(-1)?.ms).toBe(100);
  // Another worker has served all the time.
  expect(failures).toEqual([]);
});

test("the program ends when no worker is left and none can be started", () => {
  const { startAll, forked, pauses, failures } = supervise();
  startAll();

  for (const worker of forked.slice()) worker.die();
  for (let next = 0; failures.length === 0 && next < 20; next += 1) {
    pauses[next]?.work();
    forked.at(-1)?.die();
  }

  expect(failures.length).toBe(1);
  expect(forked.length).toBeLessThan(10);
});

test("when the leader ends, the oldest worker that is ready leads, and the workers are not all ready until it is replaced", () => {
  const { supervisor, startAll, forked, state, replace } = supervise(3);
  startAll();

  forked[0]?.die();
  expect(state()).toEqual({ areReady: false, leader: forked[1] });

  const replacement = replace();
  supervisor.markReady(replacement.id);
  expect(state()).toEqual({ areReady: true, leader: forked[1] });
});

test("stopping signals every worker, replaces none, and ends once all have ended", async () => {
  const { supervisor, startAll, forked, pauses, state } = supervise();
  startAll();
  let isStopped = false;
  const stopping = supervisor.stop(60_000).then(() => {
    isStopped = true;
  });

  expect(forked.map(({ signals }) => signals)).toEqual([["SIGTERM"], ["SIGTERM"]]);
  forked[0]?.die();
  await Promise.resolve();
  expect(isStopped).toBe(false);
  forked[1]?.die();
  await stopping;

  expect(pauses).toEqual([]);
  expect(state().areReady).toBe(false);
});

test("a worker that does not end within the limit is killed", async () => {
  const { supervisor, startAll, forked } = supervise();
  startAll();
  jest.useFakeTimers();
  try {
    const stopping = supervisor.stop(28_000);
    forked[0]?.die();
    jest.advanceTimersByTime(27_999);
    expect(forked[1]?.signals).toEqual(["SIGTERM"]);
    jest.advanceTimersByTime(1);
    expect(forked[1]?.signals).toEqual(["SIGTERM", "SIGKILL"]);
    forked[1]?.die();
    await stopping;
  } finally {
    jest.useRealTimers();
  }
});
