import { isDeepStrictEqual } from "node:util";
import { request } from "undici";
import type { Contender } from "./contender.js";
import { type LoadRequest, SEQUENCE } from "./load.js";
import { bookingsWith, type Scenario, SLOTS_TO_BOOK } from "./scenarios.js";

/** A scenario with the requests of one service. */
export interface Prepared {
  readonly contender: Contender;
  readonly path: string;
  readonly requests: readonly LoadRequest[];
  /** Grows with each round, so that no booking is sent twice. */
  next: number;
}

/** @throws if the service does not show the slots that a booking needs. */
export async function prepare(contender: Contender, scenario: Scenario): Promise<Prepared> {
  const { graphql, rest } = scenario.books ? bookingsWith(await slotIds(contender)) : scenario;
  const { isRest } = contender.kind;
  return {
    contender,
    path: isRest ? scenario.restPath : "/graphql",
    requests: isRest ? rest : graphql,
    next: 0,
  };
}

/**
 * Sends the first request of a scenario to every service and compares the content. The ids of slots and appointments are
 * opaque and differ by design, so only their presence is compared.
 *
 * @throws with both texts if two services differ.
 */
export async function requireSameContent(prepared: readonly Prepared[], scenario: Scenario): Promise<void> {
  const contents = [];
  for (const one of prepared) {
    const body = await send(one.contender, one.path, one.requests[0]);
    one.next += 1;
    const content = one.contender.kind.isRest ? body : dataOf(body, one.contender)[scenario.field];
    contents.push({ name: one.contender.kind.name, content: withoutIds(content) });
  }
  const [first, ...others] = contents;
  for (const other of others) {
    if (isDeepStrictEqual(first?.content, other.content)) continue;
    const [one, two] = [first?.content, other.content].map((content) =>
      JSON.stringify(content).slice(0, 600),
    );
    throw new Error(`${scenario.name}: ${first?.name} responded ${one}, ${other.name} ${two}`);
  }
}

async function slotIds(contender: Contender): Promise<ReadonlyMap<string, readonly string[]>> {
  const { graphql: query, odsCodes } = SLOTS_TO_BOOK;
  const { isRest } = contender.kind;
  const body = isRest ? { odsCodes } : { query, variables: { odsCodes } };
  const response = await send(contender, isRest ? "/practices" : "/graphql", { body: JSON.stringify(body) });
  const practices = (isRest ? response : dataOf(response, contender).practices) as readonly {
    readonly odsCode: string;
    readonly freeSlots: readonly { readonly id: string }[];
  }[];
  return new Map(practices.map(({ odsCode, freeSlots }) => [odsCode, freeSlots.map(({ id }) => id)]));
}

async function send({ port }: Contender, path: string, sent: LoadRequest | undefined): Promise<unknown> {
  const { statusCode, body } = await request(`http://127.0.0.1:${port}${path}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(sent?.session === undefined ? {} : { "spine-session": sent.session }),
    },
    body: (sent?.body ?? "").replace(SEQUENCE, "first"),
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`${path} responded ${statusCode}: ${text.slice(0, 500)}`);
  return JSON.parse(text) as unknown;
}

function dataOf(body: unknown, { kind }: Contender): Record<string, unknown> {
  const { data, errors } = body as { data?: Record<string, unknown>; errors?: unknown };
  if (errors !== undefined || data === undefined) {
    throw new Error(`${kind.name} failed: ${JSON.stringify(errors ?? body).slice(0, 500)}`);
  }
  return data;
}

function withoutIds(content: unknown): unknown {
  return JSON.parse(
    JSON.stringify(content, (key, value: unknown) =>
      key === "id" && typeof value === "string" ? "an id" : value,
    ),
  );
}
