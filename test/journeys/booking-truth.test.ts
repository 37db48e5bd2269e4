import { UpstreamError } from "../../src/platform/errors.js";
import { CommandHarness, PATIENT, testCaller } from "./command-harness.js";
import { neverLeft, proxyRefusal, refusal, silence } from "./fake-practice.js";

let harness: CommandHarness;
beforeEach(() => {
  harness = new CommandHarness();
});

const key = "the caller's own key";
const booked = (recovered: boolean) => expect.objectContaining({ kind: "booked", recovered });
const unknown = { kind: "outcome-unknown", handle: key, settlesAt: expect.any(Number) };

describe("one ask", () => {
  // Proves GPC-BPA.
  test("a plain booking is one find and one create, written down before it leaves", async () => {
    expect(await harness.book({ idempotencyKey: key })).toEqual(booked(false));

    expect(harness.calls).toEqual(["PDS", "SDS", "findPatient", "createAppointment"]);
    expect(await harness.store.open()).toEqual([]);
  });

  test("a response lost after the practice has booked is found by reading back", async () => {
    harness.practice.next("createAppointment", "lost-after");

    expect(await harness.book()).toEqual(booked(true));
    expect(harness.calls.slice(2)).toEqual(["findPatient", "createAppointment", "fetchAppointments"]);
    expect(harness.practice.standing()).toHaveLength(1);
  });

  test("a create that may have reached the practice is not sent again before the bound", async () => {
    harness.practice.next("createAppointment", "lost-before");
    const sentAt = harness.clock.now();

    const outcome = await harness.book({ idempotencyKey: key });

    expect(outcome).toEqual({ kind: "outcome-unknown", handle: key, settlesAt: sentAt + 30_001 });
    expect(harness.calls.slice(3)).toEqual(["createAppointment", "fetchAppointments"]);
  });

  test("a request whose deadline reaches past the bound waits for it, reads back, and creates again", async () => {
    harness.deadlineMs = 60_000;
    harness.practice.next("createAppointment", "lost-before");
    const sentAt = harness.clock.now();

    expect(await harness.book()).toEqual(booked(false));
    expect(harness.calls.slice(3)).toEqual([
      "createAppointment",
      "fetchAppointments",
      "fetchAppointments",
      "createAppointment",
    ]);
    expect(harness.clock.now()).toBeGreaterThan(sentAt + 30_000);
  });

  test("what commits late within the bound is found by the request that waits for it", async () => {
    harness.deadlineMs = 60_000;
    harness.practice.next("createAppointment", "late");
    harness.practice.next(
      "fetchAppointments",
      { before: () => {} },
      { before: () => harness.practice.catchUp() },
    );

    expect(await harness.book()).toEqual(booked(true));
    expect(harness.count("createAppointment")).toBe(1);
    expect(harness.practice.standing()).toHaveLength(1);
  });

  // Proves HAZ-19-48.
  test("a key creates five times at most; then nothing is booked for certain, and the key is free", async () => {
    harness.deadlineMs = 600_000;
    harness.practice.next("createAppointment", ...Array.from({ length: 5 }, () => "lost-before" as const));
    const started = harness.clock.now();

    await expect(harness.book({ idempotencyKey: key })).rejects.toMatchObject({
      code: "UPSTREAM_UNAVAILABLE",
      reason: "NOT_BOOKED",
      retryable: true,
    });
    expect(harness.count("createAppointment")).toBe(5);
    expect(harness.clock.now() - started).toBeGreaterThan(5 * 30_000);
    expect(await harness.store.open()).toEqual([]);
    expect(await harness.book({ idempotencyKey: key, description: "Other words" })).toEqual(booked(false));
  });

  test("500 for ever for one slot: each request has an outcome, and the key ends as not booked", async () => {
    const outcomes: unknown[] = [];
    for (let request = 0; request < 6; request += 1) {
      harness.practice.next("createAppointment", silence({ code: "UPSTREAM_UNAVAILABLE", httpStatus: 500 }));
      outcomes.push(await harness.book({ idempotencyKey: key }).catch(({ reason }) => reason));
      harness.advance(30_002);
    }

    expect(outcomes).toEqual([unknown, unknown, unknown, unknown, unknown, "NOT_BOOKED"]);
    expect(harness.count("createAppointment")).toBe(5);
  });

  test("a POST is never repeated blindly: when reading back fails too, the outcome is unknown", async () => {
    harness.practice.next("createAppointment", "lost-after");
    harness.practice.next("fetchAppointments", silence());

    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
    expect(harness.count("createAppointment")).toBe(1);
  });

  // Proves HAZ-FALSE-FAILURE.
  test.each([
    ["reset", silence({ code: "UPSTREAM_UNAVAILABLE", service: "SSP" })],
    ["500", silence({ code: "UPSTREAM_UNAVAILABLE", httpStatus: 500 })],
    ["502", silence({ code: "UPSTREAM_UNAVAILABLE", httpStatus: 502 })],
    ["503", silence({ code: "UPSTREAM_UNAVAILABLE", httpStatus: 503 })],
    ["504", silence({ httpStatus: 504 })],
    ["599", silence({ httpStatus: 599 })],
    ["a 2xx that cannot be used", silence({ code: "UPSTREAM_BAD_RESPONSE", retryable: false })],
    ["a fault of our own", new TypeError("after the create had left") as never],
  ])("%s is an unclear end: read back first", async (_case, end) => {
    harness.practice.next("createAppointment", end);

    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
    expect(harness.calls.slice(3)).toEqual(["createAppointment", "fetchAppointments"]);
  });

  // Proves GPC-AMUS-BPA-1-6, HAZ-53.
  test("a 409 on the first attempt is read back: another booking has the slot", async () => {
    harness.practice.bookElsewhere(["slot-24"]);

    expect(await harness.book()).toMatchObject({ kind: "slot-unavailable", code: "SLOT_UNAVAILABLE" });
    expect(harness.calls.slice(3)).toEqual(["createAppointment", "fetchAppointments"]);
  });

  test("a 409 that our own booking caused, delivered twice, is ours", async () => {
    harness.practice.next("createAppointment", "delivered-twice");

    expect(await harness.book()).toEqual(booked(true));
    expect(harness.practice.standing()).toHaveLength(1);
  });

  test("a 409 that cannot be read back is unknown, never a refusal", async () => {
    harness.practice.bookElsewhere(["slot-24"]);
    harness.practice.next("fetchAppointments", silence());

    expect(await harness.book({ idempotencyKey: key })).toEqual(unknown);
  });

  test("DUPLICATE_REJECTED under 422 means the same as 409", async () => {
    harness.practice.next("createAppointment", refusal(422, "DUPLICATE_REJECTED"));

    expect(await harness.book()).toMatchObject({ kind: "slot-unavailable" });
    expect(harness.count("fetchAppointments")).toBe(1);
  });

  test("a second create met by a 409 finds the first one, which came later than any bound", async () => {
    harness.deadlineMs = 60_000;
    harness.practice.next("createAppointment", "late", { before: () => harness.practice.catchUp() });

    expect(await harness.book()).toEqual(booked(true));
    expect(harness.practice.standing()).toHaveLength(1);
  });

  test("what provably never reached the practice is sent again at once, once", async () => {
    harness.practice.next("createAppointment", neverLeft());

    expect(await harness.book()).toEqual(booked(false));
    expect(harness.calls.slice(3)).toEqual(["createAppointment", "createAppointment"]);
  });

  describe("a refusal by the proxy itself, which forwarded nothing", () => {
    test("that may pass is sent again at once, once", async () => {
      harness.practice.next("createAppointment", proxyRefusal(429));

      expect(await harness.book({ idempotencyKey: key })).toEqual(booked(false));
      expect(harness.calls.slice(3)).toEqual(["createAppointment", "createAppointment"]);
    });

    test("for the second time is the response, and binds no key", async () => {
      harness.practice.next("createAppointment", proxyRefusal(429), proxyRefusal(429));

      await expect(harness.book({ idempotencyKey: key })).rejects.toMatchObject({
        code: "UPSTREAM_RATE_LIMITED",
        retryable: true,
      });
      expect(harness.count("createAppointment")).toBe(2);
      expect(await harness.book({ idempotencyKey: key, description: "Other words" })).toEqual(booked(false));
    });

    test("that depends on agreements or on us stands", async () => {
      harness.practice.next("createAppointment", proxyRefusal(403, "NO_SHARING_AGREEMENT", false));

      const refused = { kind: "practice-refused", code: "NO_SHARING_AGREEMENT" };
      expect(await harness.book({ idempotencyKey: key })).toMatchObject(refused);
      expect(harness.count("createAppointment")).toBe(1);
    });

    const moved = () => proxyRefusal(400, "ENDPOINT_CHANGED");

    test("because the practice has a new address is sent again there, after one look-up", async () => {
      const move = () => {
        harness.serviceRootUrl = "https://new.example";
        throw moved();
      };
      harness.practice.next("createAppointment", { before: move }, "lost-after");

      expect(await harness.book()).toEqual(booked(true));
      expect(harness.calls).toEqual([
        "PDS",
        "SDS",
        "findPatient",
        "createAppointment",
        "SDS",
        "createAppointment",
        "fetchAppointments",
      ]);
      const [before, after] = ["https://provider.example", "https://new.example"];
      expect(harness.roots).toEqual([before, before, after, after]);
    });

    test("because of an address that the directory still gives is not sent again", async () => {
      harness.practice.next("createAppointment", moved());

      await expect(harness.book({ idempotencyKey: key })).rejects.toMatchObject({
        reason: "ENDPOINT_CHANGED",
        retryable: true,
      });
      expect(harness.calls.slice(3)).toEqual(["createAppointment", "SDS"]);
      expect(await harness.store.open()).toEqual([]);
    });

    test("because of an address, while the directory is away, is not sent again", async () => {
      const vanish = () => {
        harness.unlisted = true;
        throw moved();
      };
      harness.practice.next("createAppointment", { before: vanish });

      await expect(harness.book()).rejects.toMatchObject({ reason: "ENDPOINT_CHANGED" });
      expect(harness.count("createAppointment")).toBe(1);
    });

    test("after a send that may have arrived leaves that one to be reconciled", async () => {
      harness.deadlineMs = 60_000;
      harness.practice.next("createAppointment", "lost-before", proxyRefusal(429), proxyRefusal(429));

      await expect(harness.book({ idempotencyKey: key })).rejects.toMatchObject({ retryable: true });
      // The key stays bound by the send that left.
      await expect(harness.book({ idempotencyKey: key, description: "Other words" })).rejects.toMatchObject({
        code: "BAD_USER_INPUT",
      });
    });
  });

  test("a 429 of the practice proves nothing about what it got: it is a refusal, and not sent again", async () => {
    harness.practice.next("createAppointment", refusal(429, undefined, true));

    await expect(harness.book()).rejects.toMatchObject({ retryable: true });
    expect(harness.count("createAppointment")).toBe(1);
  });

  test("sends that never reached the practice do not count among the five of a key", async () => {
    for (let request = 0; request < 6; request += 1) {
      harness.practice.next("createAppointment", neverLeft(), neverLeft());
      await expect(harness.book({ idempotencyKey: key })).rejects.toMatchObject({ retryable: true });
    }

    expect(await harness.book({ idempotencyKey: key })).toEqual(booked(false));
  });

  // Proves GPC-AMUS-BPA-1-6, HAZ-53.
  test("a slot that is gone for good is a refusal and no unclear end", async () => {
    harness.practice.next("createAppointment", refusal(422, "REFERENCE_NOT_FOUND"));

    expect(await harness.book()).toMatchObject({ kind: "slot-unavailable" });
    expect(harness.count("fetchAppointments")).toBe(0);
  });

  test("another organisation's appointment for the same patient is not attributed to us", async () => {
    harness.practice.bookElsewhere(["slot-24"], {
      patientId: `patient-${PATIENT}`,
      bookingOrganisation: { odsCode: "A99999" },
    });

    expect(await harness.book()).toMatchObject({ kind: "slot-unavailable" });
  });

  test("nor when it is in the same slots at the same times, as where two hubs book for one patient", async () => {
    await harness.book();
    const [{ start, end } = { start: "", end: "" }] = harness.practice.standing();
    harness = new CommandHarness();
    harness.practice.bookElsewhere(["slot-24"], {
      start,
      end,
      patientId: `patient-${PATIENT}`,
      bookingOrganisation: { odsCode: "A99999" },
    });

    expect(await harness.book()).toMatchObject({ kind: "slot-unavailable" });
    expect(harness.practice.standing()).toHaveLength(1);
  });

  test("an appointment over more slots than requested is not attributed to us", async () => {
    harness.practice.bookElsewhere(["slot-24", "slot-25"], {
      patientId: `patient-${PATIENT}`,
      bookingOrganisation: { odsCode: testCaller.organisation.odsCode },
    });

    expect(await harness.book()).toMatchObject({ kind: "slot-unavailable" });
  });
});

test("every error on the way is one after which nothing is booked", async () => {
  harness.practice.next("findPatient", silence());

  await expect(harness.book({ idempotencyKey: key })).rejects.toThrow(UpstreamError);
  expect(harness.practice.writes).toEqual([]);
  expect(await harness.store.get(harness.commands.store.keyFor("book", "T82000", key))).toBeUndefined();
});
