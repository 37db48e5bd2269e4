import { describeNeeding } from "../support/needs.js";
import { until } from "../support/redis.js";
import { Balancer } from "./balancer.js";
import { type Fleet, GRACE_MS, startFleet } from "./fleet.js";
import { type Load, startLoad } from "./load.js";

/** `npm run verify:long -- roll`: more clients, two rounds, and the losses of processes and stores; then programs of workers. */
const IS_FULL = process.env.ROLL === "full";
/** The processes of each program. */
const WORKERS = process.env.ROLL === "workers" ? 2 : 1;
const ROUNDS = IS_FULL ? 2 : 1;
const CLIENTS = IS_FULL ? { readers: 10, bookers: 6 } : { readers: 3, bookers: 2 };
/** Requests that are served between two steps. */
const PAUSE = IS_FULL ? 200 : 20;
const SETTLED_WITHIN_MS = 90_000;
/** Refusals while the database is away. The balancer has no process then, since readiness depends on it. */
const OF_THE_STORE = /STORE|no process is ready/;

jest.setTimeout(IS_FULL ? 300_000 : 120_000);

describeNeeding("postgres", "with PostgreSQL", () => {
  describeNeeding("redis-server", "three processes of the built graph under steady load", () => {
    let fleet: Fleet;
    let balancer: Balancer;
    let load: Load;
    beforeAll(async () => {
      fleet = await startFleet(WORKERS);
    });
    afterAll(() => fleet.close());
    beforeEach(async () => {
      balancer = new Balancer(fleet.members);
      await balancer.start();
      load = startLoad({ balancer, ...CLIENTS });
      await load.untilServed(PAUSE);
    });
    afterEach(async () => {
      await load.stop();
      await balancer.close();
    });

    /** Stops the load, waits until every outcome is known, and compares with the practices. */
    async function expectNoneDoubledOrLost(): Promise<void> {
      await load.untilServed(PAUSE);
      await load.stop();
      await load.bookings.settle(balancer, SETTLED_WITHIN_MS);
      expect(load.bookings.compare(fleet.sandbox)).toEqual({ doubled: [], lost: [], contradictory: [] });
      expect(load.bookings.booked).toBeGreaterThan(0);
      if (IS_FULL) report(load);
    }

    async function replace(place: number, settings?: Readonly<Record<string, string>>): Promise<void> {
      const member = await fleet.start(place, settings);
      await until("the new process is ready", async () => balancer.isReady(member), 60_000);
    }

    test("a rolling restart fails no request, and doubles and loses no booking", async () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        for (const [place, member] of [...fleet.members.entries()]) {
          const { code, ms } = await member.terminate();
          expect({ code, isInTime: ms < GRACE_MS }).toEqual({ code: 0, isInTime: true });
          await replace(place);
          await load.untilServed(PAUSE);
        }
      }
      await expectNoneDoubledOrLost();
      expect(load.failures).toEqual([]);
      const { code, output } = await fleet.operate("audit", "verify");
      expect({ code, output: code === 0 ? "" : output }).toEqual({ code: 0, output: "" });
    });

    if (IS_FULL) {
      test("without the delay before the shutdown a restart fails requests, and this load notices it", async () => {
        for (const [place, member] of [...fleet.members.entries()]) {
          await member.terminate();
          await replace(place, { SHUTDOWN_DELAY_MS: "0" });
        }
        expect(load.failures).toEqual([]);
        for (const [place, member] of [...fleet.members.entries()]) {
          await member.terminate();
          await replace(place);
        }
        expect(load.failures.length).toBeGreaterThan(0);
        await expectNoneDoubledOrLost();
      });

      test("kill -9 loses the requests of that process only, and their bookings are reconciled", async () => {
        const victim = fleet.members[0];
        await victim?.kill();
        await load.untilServed(PAUSE);
        await replace(0);
        await expectNoneDoubledOrLost();
        expect(load.failures.filter(({ lostTo }) => lostTo !== victim)).toEqual([]);
      });

      test("kill -9 while bookings are at the practices: they stand, and their callers learn it", async () => {
        const hold = fleet.sandbox.hold({ service: "PRACTICE", interaction: "create:appointment-1" });
        await hold.waiting(3);
        const victim = balancer.busiest();
        await victim?.kill();
        hold.release();
        await replace(victim === undefined ? -1 : fleet.members.indexOf(victim));
        await expectNoneDoubledOrLost();
        expect(load.failures.filter(({ lostTo }) => lostTo !== victim)).toEqual([]);
        // Reconciled: nobody was told in a response to the booking itself.
        const learnt = load.bookings.all.filter(({ unanswered, isBooked }) => unanswered > 0 && isBooked);
        expect(learnt.length).toBeGreaterThan(0);
      });

      test("Redis killed and restarted: no request fails", async () => {
        await fleet.redis.kill();
        await load.untilServed(PAUSE);
        await fleet.redis.restart();
        await expectNoneDoubledOrLost();
        expect(load.failures).toEqual([]);
      });

      test("connections to Redis cut, and Redis unreachable for a while: no request fails", async () => {
        for (let cut = 0; cut < 5; cut += 1) {
          fleet.toRedis.cut();
          await load.untilServed(PAUSE / 5);
        }
        fleet.toRedis.break();
        await load.untilServed(PAUSE);
        fleet.toRedis.mend();
        await expectNoneDoubledOrLost();
        expect(load.failures).toEqual([]);
      });

      test("PostgreSQL restarted: requests are refused because of the store only, until it is back", async () => {
        await fleet.postgres.stopFast();
        await load.untilFailed(10);
        await fleet.postgres.restart();
        await expectNoneDoubledOrLost();
        expect(load.failures.filter(({ reason }) => !OF_THE_STORE.test(reason))).toEqual([]);
      });

      test("connections to PostgreSQL cut, and PostgreSQL unreachable for a while: the same", async () => {
        for (let cut = 0; cut < 5; cut += 1) {
          fleet.toPostgres.cut();
          await load.untilServed(PAUSE / 5);
        }
        fleet.toPostgres.break();
        await load.untilFailed(10);
        fleet.toPostgres.mend();
        await expectNoneDoubledOrLost();
        expect(load.failures.filter(({ reason }) => !OF_THE_STORE.test(reason))).toEqual([]);
      });
    }
  });
});

/** For the documents: what was sent in the scenario. */
function report({ served, bookings, failures }: Load): void {
  const reasons = new Map<string, number>();
  for (const { what, reason } of failures) {
    reasons.set(`${what}: ${reason}`, (reasons.get(`${what}: ${reason}`) ?? 0) + 1);
  }
  const lines = [...reasons].map(([reason, count]) => `  ${count} × ${reason}`);
  process.stdout.write(
    `${expect.getState().currentTestName}\n  ${served()} served, ${bookings.booked} of ${bookings.all.length} booked\n${lines.join("\n")}\n`,
  );
}
