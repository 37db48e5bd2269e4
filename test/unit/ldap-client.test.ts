import type { StubSearch } from "../support/ldap-stub.js";
import { failureOf, inTurn, useLdapClient } from "./ldap-client-set-up.js";

const start = useLdapClient();

describe("an LDAP response", () => {
  it("has names in lower case and every attribute as a list", async () => {
    const { search } = await start(
      inTurn((search) => search.entry({ nhsIDCode: ["A1"], nhsMHSEndPoint: ["u", "v"], empty: [] }).done()),
    );
    const [entry] = await search();
    expect(entry && Object.fromEntries(entry)).toEqual({
      nhsidcode: ["A1"],
      nhsmhsendpoint: ["u", "v"],
      empty: [],
    });
  });

  it("reaches its search when responses come in another order", async () => {
    const { stub, search } = await start();
    const answers = [search(), search(), search()];
    await stub.received(3);
    for (const [index, each] of [...stub.searches.entries()].reverse()) {
      each.entry({ place: [`${index}`] }).done();
    }
    const places = (await Promise.all(answers)).map(([entry]) => entry?.get("place"));
    expect(places).toEqual([["0"], ["1"], ["2"]]);
  });
});

describe("the LDAP connection", () => {
  it("is opened when it is first needed, and kept", async () => {
    const { stub, search } = await start({ answer: (each) => each.done() });
    expect(stub.connections).toBe(0);
    await search();
    await search();
    await Promise.all([search(), search()]);
    expect(stub.connections).toBe(1);
  });

  it("carries at most 50 searches; the others wait", async () => {
    let inFlight = 0;
    let most = 0;
    let held: StubSearch[] = [];
    const { stub, search } = await start({
      answer(each) {
        inFlight += 1;
        most = Math.max(most, inFlight);
        held.push(each);
        if (held.length < 50) return;
        // Anything beyond the fifty would arrive with them.
        setImmediate(() => {
          inFlight -= held.length;
          for (const one of held) one.done();
          held = [];
        });
      },
    });
    await Promise.all(Array.from({ length: 200 }, () => search()));
    expect(stub.searches).toHaveLength(200);
    expect(most).toBe(50);
    expect(stub.connections).toBe(1);
  });

  it("is opened again after the server closed it between searches", async () => {
    const { stub, search } = await start({ answer: (each) => each.done() });
    await search();
    await stub.searches[0]?.hangUp();
    expect(await search()).toEqual([]);
    expect(stub.connections).toBe(2);
  });

  it("waits for searches in flight before it is closed, and accepts no more", async () => {
    const { stub, client, search } = await start();
    const underWay = search();
    await stub.received(1);
    const closed = client.close();
    expect((await failureOf(search())).kind).toBe("cancelled");
    stub.searches[0]?.done();
    expect(await underWay).toEqual([]);
    await closed;
  });
});

describe("an aborted LDAP search", () => {
  it("ends at once; the connection and its other searches go on", async () => {
    const { stub, search } = await start();
    const controller = new AbortController();
    const leaving = search({ signal: controller.signal });
    const staying = search();
    await stub.received(2);
    controller.abort();
    expect((await failureOf(leaving)).kind).toBe("cancelled");
    stub.searches[1]?.done();
    expect(await staying).toEqual([]);
    const next = search();
    await stub.received(3);
    stub.searches[2]?.done();
    await next;
    expect(stub.connections).toBe(1);
    stub.searches[0]?.done();
  });

  it("leaves the queue, but keeps its place on the connection until the server has responded", async () => {
    const { stub, search } = await start({}, { maxInFlight: 1 });
    const controller = new AbortController();
    const first = search({ signal: controller.signal });
    const second = search({ signal: controller.signal });
    const third = search();
    await stub.received(1);
    controller.abort();
    await failureOf(first);
    await failureOf(second);
    expect(stub.searches).toHaveLength(1);
    stub.searches[0]?.done();
    await stub.received(2);
    stub.searches[1]?.done();
    expect(await third).toEqual([]);
  });

  it("is a time-out when its deadline ended it", async () => {
    const { search } = await start();
    expect((await failureOf(search({ signal: AbortSignal.timeout(40) }))).kind).toBe("timeout");
  });

  it("sends nothing when it was aborted before it began", async () => {
    const { stub, search } = await start();
    expect((await failureOf(search({ signal: AbortSignal.abort() }))).kind).toBe("cancelled");
    expect(stub.connections).toBe(0);
  });
});
