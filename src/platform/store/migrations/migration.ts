/** One step of the schema: statements that SQLite and PostgreSQL both understand, applied in one transaction. */
export interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
}
