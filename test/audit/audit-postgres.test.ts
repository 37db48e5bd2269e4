import { createPostgresDatabase } from "../store/databases.js";
import { describeNeeding } from "../support/needs.js";
import { startPostgres, type TestPostgres } from "../support/postgres.js";
import { describeAudit } from "./audit-suite.js";

describeNeeding("postgres", "the audit in PostgreSQL", () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  describeAudit(() => createPostgresDatabase(postgres));
});
