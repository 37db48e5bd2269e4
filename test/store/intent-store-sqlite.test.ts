import { createSqliteDatabase } from "./databases.js";
import { describeIntentStore } from "./intent-store-suite.js";

describe("the intent store over SQLite", () => {
  describeIntentStore(createSqliteDatabase);
});
