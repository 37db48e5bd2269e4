import type { AuditWriterOptions } from "../../src/platform/audit/audit-writer.js";
import type { Store } from "../../src/platform/store/index.js";

type AuditDatabase = AuditWriterOptions["store"];

/** A database that does not respond. */
export function awayStore(): AuditDatabase {
  return outage(undefined).store;
}

/** The audit's side of a store that can be taken away and given back. It begins away when there is none. */
export function outage(store: Store | undefined): { store: AuditDatabase; isAway: boolean } {
  const state = { isAway: store === undefined };
  const gone = () => Promise.reject(new Error("the database is away"));
  const chain: Pick<Store["chain"], "onAppended" | "write"> = {
    onAppended: (observe) => store?.chain.onAppended(observe),
    write: (work) => (state.isAway || !store ? gone() : store.chain.write(work)),
  };
  const database: Pick<Store["database"], "isUp" | "check"> = {
    get isUp() {
      return !state.isAway;
    },
    check: async () => !state.isAway,
  };
  return Object.assign(state, { store: { chain, database } as AuditDatabase });
}
