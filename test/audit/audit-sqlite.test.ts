import { createSqliteDatabase } from "../store/databases.js";
import { describeAudit } from "./audit-suite.js";

describe("the audit in SQLite", () => {
  describeAudit(createSqliteDatabase);
});
