import type { LocalServer } from "../../support/local-server.js";
import { type RunningGraph, type StartOptions, startGraph } from "../../support/start-graph.js";
import {
  composeWithApollo,
  composeWithGuild,
  requireSupergraph,
  SPINE_SDL,
  withoutScopes,
} from "./composition.js";
import { type Gateway, type GatewayKind, startGateway } from "./gateways.js";
import {
  type CareData,
  startCareSubgraph,
  startRecorder,
  startReferralsSubgraph,
  type TestSubgraph,
} from "./subgraphs.js";

/** The graph, two other teams' subgraphs and one gateway before them. */
export interface Supergraph {
  readonly graph: RunningGraph;
  readonly gateway: Gateway;
  /** What the gateway sends to us. */
  readonly recorder: LocalServer;
  readonly care: TestSubgraph;
  readonly referrals: TestSubgraph;
  readonly careData: CareData & { patients: readonly string[] };
  close(): Promise<void>;
}

export interface SupergraphOptions extends StartOptions {
  /** Whether the gateway enforces scopes as well. */
  readonly scopes?: boolean;
  /** Whether the gateway tells what it prices an operation at. */
  readonly prices?: boolean;
}

/** An unknown patient, a superseded number, and a patient, for the subgraph that refers to entities only. */
export const REFERRALS = [
  { id: "known", patient: { nhsNumber: "9000000009" }, to: { odsCode: "T81001" } },
  { id: "superseded", patient: { nhsNumber: "9990000034" } },
  { id: "unknown", patient: { nhsNumber: "9990000204" } },
];

/** Hive Gateway gets what The Guild's library composes, Apollo Gateway what Apollo's does. */
export async function startSupergraph(
  kind: GatewayKind,
  options: SupergraphOptions = {},
): Promise<Supergraph> {
  const graph = await startGraph(options);
  const recorder = await startRecorder(graph.url);
  const careData = { patients: ["9000000009", "9990000018"] as readonly string[], practice: "T81001" };
  const care = await startCareSubgraph(careData);
  const referrals = await startReferralsSubgraph(REFERRALS);
  const url = `${recorder.url}/graphql`;
  const subgraphs = [
    { name: "spine", url, sdl: kind === "apollo" ? withoutScopes(SPINE_SDL) : SPINE_SDL },
    care,
    referrals,
  ];
  const compose = kind === "apollo" ? composeWithApollo : composeWithGuild;
  const { scopes = false, prices = false } = options;
  const gateway = await startGateway({
    kind,
    supergraphSdl: requireSupergraph(compose(subgraphs)),
    scopes,
    prices,
  });
  return {
    graph,
    gateway,
    recorder,
    care,
    referrals,
    careData,
    async close() {
      await gateway.close();
      await Promise.all([recorder.close(), care.close(), referrals.close()]);
      await graph.close();
    },
  };
}
