import type { PracticeCapabilities } from "../domain/capabilities.js";
import { toLondonDateTime } from "../domain/london-time.js";
import type { OdsCode } from "../domain/ods-code.js";
import type { HealthcareService, Organisation, SlotSearchResponse } from "../domain/slot.js";
import type { ScopedCache } from "../platform/cache/scoped-cache.js";
import type { CallContext } from "../platform/call-context.js";
import type { GpConnectClient } from "../upstreams/ssp/index.js";
import type { AtPractice } from "./at-practice.js";
import { createKeyedLoader, type KeyedLoader } from "./keyed-loader.js";
import type { PracticeResourceKey } from "./practice-record.loader.js";
import { createSlotRangeLoader, type SlotRangeLoader } from "./slot-range.loader.js";
import { createSlotWindowLoader, type SlotWindowKey, type SlotWindowLoader } from "./slot-windows.loader.js";

export interface PracticeLoaders {
  readonly capabilities: KeyedLoader<OdsCode, PracticeCapabilities>;
  /** Free slots of one window, as the practice gave them. Never used again beyond the request. */
  readonly slotWindow: SlotWindowLoader;
  /** Free slots of any range, joined from its windows. */
  readonly slotRange: SlotRangeLoader;
  /** The practice's own record of itself: from a slot answer of this request, else by a call of its own. */
  readonly organisation: KeyedLoader<OdsCode, Organisation | undefined>;
  /** Whether practices are asked about services at all (GP Connect 1.2.8). */
  readonly serviceFiltering: boolean;
  /** A service of a practice; undefined when the practice does not know it. Only where services are asked about. */
  readonly healthcareService: KeyedLoader<PracticeResourceKey, HealthcareService | undefined>;
}

export interface PracticeLoaderOptions {
  readonly gpConnect: GpConnectClient;
  readonly reuse: ScopedCache;
  readonly capabilitiesTtlMs: number;
}

export function createPracticeLoaders(
  context: CallContext,
  atPractice: AtPractice,
  { gpConnect, reuse, capabilitiesTtlMs }: PracticeLoaderOptions,
): PracticeLoaders {
  const slotAnswers = new Map<OdsCode, Promise<SlotSearchResponse>[]>();

  const capabilities = createKeyedLoader(
    (odsCode: OdsCode) => odsCode,
    async (odsCode) => {
      return atPractice(odsCode, (practice) =>
        reuse.get(
          {
            cache: "SSP",
            scope: { kind: "deployment" },
            key: ["capabilities", odsCode, practice.serviceRootUrl],
            ttlMs: capabilitiesTtlMs,
          },
          context,
          async (asking) => ({ value: await gpConnect.fetchCapabilities(practice, asking), keep: true }),
        ),
      );
    },
  );

  const slotWindow = createSlotWindowLoader(async ({ odsCode, serviceId, from, to }) => {
    const search = {
      start: toLondonDateTime(from),
      end: toLondonDateTime(to),
      ...(serviceId !== undefined && { serviceId }),
    };
    return atPractice(odsCode, (practice) => gpConnect.searchFreeSlots(practice, search, context));
  });
  const loadSlotWindow = (key: SlotWindowKey) => {
    const answer = slotWindow.load(key);
    slotAnswers.set(key.odsCode, [...(slotAnswers.get(key.odsCode) ?? []), answer]);
    return answer;
  };

  const organisation = createKeyedLoader(
    (odsCode: OdsCode) => odsCode,
    async (odsCode) => {
      // A loader's batch starts after all fields of the level have asked, so a slot search beside us is known here.
      for (const answer of slotAnswers.get(odsCode) ?? []) {
        const { organisation: known } = await answer.catch(() => ({ organisation: undefined }));
        if (known) return known;
      }
      return atPractice(odsCode, (practice) => gpConnect.findOrganisation(practice, context));
    },
  );

  const healthcareService = createKeyedLoader(
    ({ odsCode, id }: PracticeResourceKey) => `${odsCode} ${id}`,
    ({ odsCode, id }) =>
      atPractice(odsCode, (practice) => gpConnect.readHealthcareService(practice, id, context)),
  );

  const noted: SlotWindowLoader = { ...slotWindow, load: loadSlotWindow };
  return {
    capabilities,
    slotWindow: noted,
    slotRange: createSlotRangeLoader(noted),
    organisation,
    serviceFiltering: gpConnect.serviceFiltering === true,
    healthcareService,
  };
}
