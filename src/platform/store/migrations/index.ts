import { createIntentsAndAudit } from "./0001-intents-and-audit.js";
import type { Migration } from "./migration.js";

/** In order of application; the last one's number is the schema version of this program. Never edit one that was released. */
export const MIGRATIONS: readonly Migration[] = [{ version: 1, statements: createIntentsAndAudit }];
