import type { PracticeCapabilities } from "../domain/capabilities.js";
import type { OdsCode } from "../domain/ods-code.js";
import type { HealthcareService, Organisation } from "../domain/slot.js";
import type { CallContext } from "../upstreams/call-context.js";
import type { AtPractice } from "./at-practice.js";
import { type CapabilitiesOptions, createCapabilitiesSource } from "./capabilities.js";
import { createKeyedLoader, type KeyedLoader } from "./keyed-loader.js";
import type { PracticeResourceKey } from "./practice-record.loader.js";
import { createFetchSlotWindow, createSlotLoader, type SlotLoader } from "./slots.loader.js";

export interface PracticeLoaders {
  readonly capabilities: KeyedLoader<OdsCode, PracticeCapabilities>;
  readonly slots: SlotLoader;
  /** The practice's own record of itself: from a slot search of this request, otherwise from one call. */
  readonly organisation: KeyedLoader<OdsCode, Organisation | undefined>;
  /** Whether searches by service are switched on (GP Connect 1.2.8). */
  readonly serviceFiltering: boolean;
  /** A service of a practice; undefined when the practice does not know it. Only where `serviceFiltering` is on. */
  readonly healthcareService: KeyedLoader<PracticeResourceKey, HealthcareService | undefined>;
}

export function createPracticeLoaders(
  context: CallContext,
  atPractice: AtPractice,
  options: CapabilitiesOptions,
): PracticeLoaders {
  const { gpConnect } = options;
  const statements = createCapabilitiesSource(options);
  const slots = createSlotLoader(createFetchSlotWindow(context, atPractice, gpConnect, statements));

  const capabilities = createKeyedLoader(
    (odsCode: OdsCode) => odsCode,
    (odsCode) => atPractice(odsCode, (practice) => statements.load(practice, context)),
  );

  const organisation = createKeyedLoader(
    (odsCode: OdsCode) => odsCode,
    async (odsCode) =>
      // This loader's batch is dispatched after all fields of the level have called, so a slot search beside it is known.
      (await slots.organisation(odsCode)) ??
      atPractice(odsCode, (practice) => gpConnect.findOrganisation(practice, context)),
  );

  const healthcareService = createKeyedLoader(
    ({ odsCode, id }: PracticeResourceKey) => `${odsCode} ${id}`,
    ({ odsCode, id }) =>
      atPractice(odsCode, (practice) => gpConnect.readHealthcareService(practice, id, context)),
  );

  return {
    capabilities,
    slots,
    organisation,
    serviceFiltering: gpConnect.serviceFiltering === true,
    healthcareService,
  };
}
