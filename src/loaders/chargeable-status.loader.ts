import type { ChargeableStatus } from "../domain/chargeable-status.js";
import type { NhsNumber } from "../domain/nhs-number.js";
import type { CallContext } from "../upstreams/call-context.js";
import type { VisitorsAndMigrantsClient } from "../upstreams/visitors-and-migrants/index.js";
import type { EndpointLoaders } from "./endpoint.loader.js";
import { createKeyedLoader, type KeyedLoader } from "./keyed-loader.js";

/** What Visitors & Migrants records of a patient, by the current NHS number. Sensitive: never cached beyond the request. */
export function createChargeableStatusLoader(
  context: CallContext,
  { spineEndpoint }: EndpointLoaders,
  visitorsAndMigrants: VisitorsAndMigrantsClient,
): KeyedLoader<NhsNumber, ChargeableStatus> {
  return createKeyedLoader(
    (nhsNumber) => nhsNumber,
    async (nhsNumber) =>
      visitorsAndMigrants.fetchChargeableStatus(await spineEndpoint.load(), nhsNumber, context),
  );
}
