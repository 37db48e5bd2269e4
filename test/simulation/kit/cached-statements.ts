import Libsql from "libsql";

type Statement = ReturnType<Libsql.Database["prepare"]>;

/** The statements of each open database, by their text. */
const statements = new WeakMap<Libsql.Database, Map<string, Statement>>();

/**
 * Prepares each statement of a database once. A scenario runs about two dozen statements thousands of times, and
 * preparing them took a tenth of its time. Each statement is read to its end before the next one runs.
 *
 * @returns a function that restores the library's own way.
 */
export function cachedStatements(): () => void {
  const { prototype } = Libsql;
  const { prepare } = prototype;
  const prepareOnce = function (this: Libsql.Database, text: string): Statement {
    const own = statements.get(this) ?? new Map<string, Statement>();
    statements.set(this, own);
    const statement = own.get(text) ?? prepare.call(this, text);
    own.set(text, statement);
    return statement;
  };
  prototype.prepare = prepareOnce as typeof prepare;
  return () => {
    prototype.prepare = prepare;
  };
}
