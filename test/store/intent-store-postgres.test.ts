import { describeNeeding } from "../support/needs.js";
import { startPostgres, type TestPostgres } from "../support/postgres.js";
import { createPostgresDatabase } from "./databases.js";
import { describeIntentStore } from "./intent-store-suite.js";

describeNeeding("postgres", "the intent store over PostgreSQL", () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  describeIntentStore(() => createPostgresDatabase(postgres));
});
