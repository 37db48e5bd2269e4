import DataLoader from "dataloader";
import type { DirectoryEntry } from "../domain/directory-entry.js";
import { toLondonDateTime } from "../domain/london-time.js";
import type { OdsCode } from "../domain/ods-code.js";
import type { Organisation, SlotSearchResponse } from "../domain/slot.js";
import {
  type MergedSlots,
  mergeSlotResponses,
  type SlotSearchQuery,
  type SlotSearchResult,
  toSlotSearchResult,
} from "../domain/slot-search.js";
import { contains, mergeWindows, type TimeWindow, toWindows } from "../domain/slot-windows.js";
import type { CallContext } from "../upstreams/call-context.js";
import type { GpConnectClient } from "../upstreams/ssp/index.js";
import { badResponse } from "../upstreams/upstream-errors.js";
import type { AtPractice } from "./at-practice.js";
import type { CapabilitiesSource } from "./capabilities.js";

/** The part of a query that one call to the practice serves. Calls are shared between queries that agree in it. */
export type SlotWindowQuery = Pick<SlotSearchQuery, "odsCode" | "serviceId"> & {
  readonly window: TimeWindow;
};

/** Makes one call for one window. */
export type FetchSlotWindow = (query: SlotWindowQuery) => Promise<SlotSearchResponse>;

/** Free slots. Nothing of them outlives the request. */
export interface SlotLoader {
  /**
   * Searches one practice. When one window fails, the search fails: a list with a gap would be taken for all there is
   * (assurance notes, hazard 36).
   */
  search(query: SlotSearchQuery): Promise<SlotSearchResult>;
  /** The practice's own record of itself, from a search of this request. Undefined when no response holds one. */
  organisation(odsCode: OdsCode): Promise<Organisation | undefined>;
  clearAll(): void;
}

/** One call to a practice, pending or complete. */
interface SlotCall {
  readonly window: TimeWindow;
  readonly response: Promise<SlotSearchResponse>;
}

export function createFetchSlotWindow(
  context: CallContext,
  atPractice: AtPractice,
  gpConnect: GpConnectClient,
  statements: Pick<CapabilitiesSource, "canSearchByService">,
): FetchSlotWindow {
  // Decided once for a practice and a service, so that all windows of a range are searched alike.
  const decisions = new Map<string, Promise<boolean>>();
  const canSearchByService = (practice: DirectoryEntry, serviceId: string | undefined) => {
    const key = `${practice.serviceRootUrl} ${serviceId ?? ""}`;
    const decision = decisions.get(key) ?? statements.canSearchByService(practice, context, { serviceId });
    decisions.set(key, decision);
    return decision;
  };
  return ({ odsCode, serviceId, window }) => {
    const search = {
      start: toLondonDateTime(window.from),
      end: toLondonDateTime(window.to),
      ...(serviceId !== undefined && { serviceId }),
    };
    return atPractice(odsCode, async (practice) => {
      if (gpConnect.serviceFiltering !== true) return gpConnect.searchFreeSlots(practice, search, context);
      const withServices = await canSearchByService(practice, serviceId);
      return gpConnect.searchFreeSlots(practice, { ...search, withServices }, context);
    });
  };
}

/**
 * A loader in which the aliases and paths of one operation share calls: windows that are requested in one batch are
 * merged where that saves a call, and a window inside one that was requested before costs none. Fields that search
 * the same range also share the merged list.
 *
 * A failed call has failed for every field that shares it.
 */
export function createSlotLoader(fetchWindow: FetchSlotWindow): SlotLoader {
  const calls = new Map<string, SlotCall[]>();
  const merged = new Map<string, Promise<MergedSlots>>();
  // Noted before the batch is dispatched, so that a field of the same level that needs the practice's record finds it.
  const responses = new Map<OdsCode, Promise<SlotSearchResponse>[]>();

  const fetchMissing = (group: Group) => {
    const { odsCode, serviceId } = group[0];
    const made = calls.get(groupKey(group[0])) ?? [];
    const missing = group.map(({ window }) => window).filter((window) => !findCall(made, window));
    const added = mergeWindows(missing).map((window) => {
      const response = fetchWindow({ odsCode, serviceId, window });
      // Each field that shares the call hears of its failure, a few ticks from now.
      response.catch(() => undefined);
      return { window, response };
    });
    calls.set(groupKey(group[0]), [...made, ...added]);
  };

  // DataLoader only collects the batch, which is dispatched once all fields of a level have called. The calls are not
  // awaited in it: every window would wait for the slowest practice.
  const batch = new DataLoader<SlotWindowQuery, SlotCall>(
    async (queries) => {
      for (const group of groupQueries(queries)) fetchMissing(group);
      return queries.map(
        (query) =>
          findCall(calls.get(groupKey(query)) ?? [], query.window) ??
          new Error("a window was left out of its batch"),
      );
    },
    { cache: false },
  );
  const loadWindow = (query: SlotWindowQuery) => {
    const response = batch.load(query).then((call) => call.response);
    responses.set(query.odsCode, [...(responses.get(query.odsCode) ?? []), response]);
    return response;
  };

  const loadRange = async ({ odsCode, serviceId, range, now }: SlotSearchQuery) => {
    const windows = toWindows(range).map((window) => loadWindow({ odsCode, serviceId, window }));
    return requireUsable(mergeSlotResponses(await Promise.all(windows), { range, now }));
  };

  // Not by DataLoader: the windows must be requested before the other loaders of the level look for them.
  const loadSharedRange = (query: SlotSearchQuery) => {
    const { odsCode, serviceId, range, now } = query;
    const key = JSON.stringify([odsCode, serviceId, range.from, range.to, now]);
    const slots = merged.get(key) ?? loadRange(query);
    merged.set(key, slots);
    return slots;
  };

  return {
    async search(query) {
      const { range, filter, first } = query;
      if (query.stopWhenFound && first !== undefined) return searchWindowByWindow(query, first, loadWindow);
      return toSlotSearchResult(await loadSharedRange(query), filter, range.to);
    },
    async organisation(odsCode) {
      for (const response of responses.get(odsCode) ?? []) {
        const { organisation } = await response.catch(() => ({ organisation: undefined }));
        if (organisation) return organisation;
      }
      return undefined;
    },
    clearAll() {
      calls.clear();
      merged.clear();
      responses.clear();
    },
  };
}

/**
 * Requests later windows, one after the other, only until enough slots agree with the filter or the range ends
 * ("repeated calls with amended date ranges").
 */
async function searchWindowByWindow(
  query: SlotSearchQuery,
  enough: number,
  loadWindow: FetchSlotWindow,
): Promise<SlotSearchResult> {
  const { odsCode, serviceId, range, filter } = query;
  const responses: SlotSearchResponse[] = [];
  // Over all responses each time: a run of adjacent slots may reach from one window into the next.
  const resultUntil = (end: number) => toSlotSearchResult(mergeSlotResponses(responses, query), filter, end);
  for (const window of toWindows(range)) {
    responses.push(await loadWindow({ odsCode, serviceId, window }));
    const found = resultUntil(window.to);
    if (found.slots.length >= enough) return found;
  }
  requireUsable(mergeSlotResponses(responses, query));
  return resultUntil(range.to);
}

/**
 * An empty list says that there are no free slots, which is not known when entries had to be left out.
 *
 * @throws UpstreamError when the responses hold no usable slot, only unusable entries.
 */
function requireUsable(merged: MergedSlots): MergedSlots {
  if (merged.slots.length > 0 || merged.unusableEntries === 0) return merged;
  throw badResponse("PROVIDER", "UNUSABLE_ENTRIES");
}

type Group = [SlotWindowQuery, ...SlotWindowQuery[]];

function groupQueries(queries: readonly SlotWindowQuery[]): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const query of queries) {
    const group = groups.get(groupKey(query));
    if (group) group.push(query);
    else groups.set(groupKey(query), [query]);
  }
  return groups.values();
}

/** A search by service shares no call with a search for all slots. */
function groupKey({ odsCode, serviceId }: SlotWindowQuery): string {
  return serviceId === undefined ? odsCode : `${odsCode} ${serviceId}`;
}

function findCall(calls: readonly SlotCall[], window: TimeWindow): SlotCall | undefined {
  return calls.find((call) => contains(call.window, window));
}
