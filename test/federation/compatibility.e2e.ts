import { parse, stripIgnoredCharacters } from "graphql";
import { describeNeeding } from "../support/needs.js";
import { type RunningGraph, startGraph } from "../support/start-graph.js";
import { composeWithApollo, requireSupergraph } from "./support/composition.js";
import { type Gateway, startGateway } from "./support/gateways.js";
import { createProductsSchema, USERS_RESOLVERS, USERS_SDL } from "./support/products.js";
import { startSubgraph, type TestSubgraph } from "./support/subgraphs.js";

// A gateway needs a few seconds to start, more on a busy machine.
jest.setTimeout(120_000);

/** The 15 checks of Apollo's subgraph compatibility suite, of a schema that is built and served as the product's is. */
describeNeeding("gateways", "the checks of Apollo's subgraph compatibility suite", () => {
  let graph: RunningGraph;
  let users: TestSubgraph;
  let gateway: Gateway;
  let sdl: string;
  let supergraphSdl: string;
  beforeAll(async () => {
    graph = await startGraph({ schema: createProductsSchema() });
    users = await startSubgraph("users", USERS_SDL, USERS_RESOLVERS);
    const answer = await graph.query<{ _service: { sdl: string } }>("{ _service { sdl } }");
    sdl = answer.data._service.sdl;
    const products = { name: "products", url: `${graph.url}/graphql`, sdl };
    supergraphSdl = requireSupergraph(composeWithApollo([products, users]));
    gateway = await startGateway({ kind: "apollo", supergraphSdl });
  });
  afterAll(async () => {
    await gateway.close();
    await users.close();
    await graph.close();
  });

  const entity = async (representation: object, selection: string) => {
    const answer = await graph.query<{ _entities: unknown[] }>(
      `query ($r: [_Any!]!) { _entities(representations: $r) { ${selection} } }`,
      { r: [representation] },
    );
    expect(answer.errors).toBeUndefined();
    return answer.data._entities[0];
  };
  const behind = async (query: string) => {
    const answer = await gateway.query(query);
    expect(answer.errors).toBeUndefined();
    return answer.data;
  };
  const compact = () => stripIgnoredCharacters(sdl);

  test("_service: the SDL is published and can be parsed", () => {
    expect(() => parse(sdl)).not.toThrow();
    expect(sdl).toContain("type Product");
  });

  test("@link: the SDL names the version of federation", () => {
    expect(sdl).toContain('@link(url: "https://specs.apollo.dev/federation/v2.9"');
  });

  test("@key with one field", async () => {
    expect(
      await entity({ __typename: "User", email: "maker@example.org" }, "... on User { email name }"),
    ).toEqual({ email: "maker@example.org", name: "Ada Example" });
  });

  test("@key with several fields", async () => {
    const representation = { __typename: "DeprecatedProduct", sku: "old", package: "@example/old" };

    expect(await entity(representation, "... on DeprecatedProduct { sku package reason }")).toEqual({
      sku: "old",
      package: "@example/old",
      reason: "replaced",
    });
  });

  test("@key with a field of an object", async () => {
    const representation = { __typename: "Research", study: { caseNumber: "7" } };

    expect(await entity(representation, "... on Research { study { caseNumber description } }")).toEqual({
      study: { caseNumber: "7", description: "study 7" },
    });
  });

  test.each([
    [{ id: "one" }, "one"],
    [{ sku: "sku-one", package: "@example/one" }, "one"],
    [{ sku: "sku-two", variation: { id: "platform" } }, "two"],
  ])("repeated @key: %j finds its product", async (keys, id) => {
    expect(await entity({ __typename: "Product", ...keys }, "... on Product { id }")).toEqual({ id });
  });

  test("@requires: a field is computed from fields of another subgraph", async () => {
    expect(await behind('{ product(id: "one") { createdBy { averageProductsCreatedPerYear } } }')).toEqual({
      product: { createdBy: { averageProductsCreatedPerYear: 134 } },
    });
  });

  test("@provides: the provided value is ours and not the owner's", async () => {
    expect(await behind('{ product(id: "one") { createdBy { email totalProductsCreated } } }')).toEqual({
      product: { createdBy: { email: "maker@example.org", totalProductsCreated: 1337 } },
    });
  });

  test("@shareable and @inaccessible: the type is shared, and a hidden field can be read from us only", async () => {
    const query = '{ product(id: "one") { dimensions { size weight unit } } }';

    expect(compact()).toContain("type Dimensions@shareable");
    expect((await graph.query(query)).data).toEqual({
      product: { dimensions: { size: "small", weight: 1, unit: "kg" } },
    });
    expect((await gateway.query(query)).errors?.[0]?.extensions?.code).toBe("GRAPHQL_VALIDATION_FAILED");
  });

  test("@tag: the tag is in the SDL and in the supergraph", () => {
    expect(compact()).toContain('notes:String@tag(name:"internal")');
    expect(supergraphSdl).toContain('@tag(name: "internal")');
  });

  test("@override: the field is taken from us", async () => {
    expect(await behind('{ product(id: "one") { createdBy { name } } }')).toEqual({
      product: { createdBy: { name: "Ada Example" } },
    });
  });

  test("@composeDirective: a directive of our own is in the supergraph", () => {
    expect(supergraphSdl).toContain("directive @custom on OBJECT");
  });

  test("@interfaceObject: our fields are on every implementation of another subgraph's interface", async () => {
    expect(await behind("{ inventory { id deprecatedProducts { sku } } }")).toEqual({
      inventory: { id: "w1", deprecatedProducts: [{ sku: "old" }] },
    });
  });

  // The server has OpenTelemetry spans instead: Apollo's traces would wrap every field, at half the throughput.
  test("federated tracing is off on purpose: a request for it gets no trace and is otherwise answered", async () => {
    const answer = await graph.query(
      '{ product(id: "one") { id } }',
      {},
      {
        "apollo-federation-include-trace": "ftv1",
        "spine-trace": "0",
      },
    );

    expect(answer).toEqual({ data: { product: { id: "one" } } });
  });
});
