/** One step of the schema: statements that SQLite and PostgreSQL both understand, applied in one transaction. */
export interface Migration {
  readonly version: number;
  readonly statements: readonly string[];
  /**
   * The oldest schema version whose program still works on the schema after this step: what it reads and writes is still
   * there. Left out: this step's own version, so that older programs stop (docs/store.md, "Upgrades").
   */
  readonly oldestProgram?: number | undefined;
}
