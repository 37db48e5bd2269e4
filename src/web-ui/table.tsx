import type { ComponentChildren } from "preact";

export interface Column<Row> {
  readonly title: string;
  /** Numbers are aligned to the right. */
  readonly numeric?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
  /** Shown when the pointer rests on the cell, for a value that the cell shortens. */
  readonly tooltip?: (row: Row) => string;
}

interface Props<Row> {
  /** Name of the scrolling region, for screen readers. */
  readonly label: string;
  /** The first column holds the header of each row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
}

/** A table that scrolls sideways on a narrow page. Rows keep their order, so an index can be their key. */
export function Table<Row>({ label, columns, rows }: Props<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
    <section class="table" tabIndex={0} aria-label={label}>
      <table>
        <thead>
          <tr>
            {columns.map(({ title, numeric }) => (
              <th key={title} scope="col" class={numeric ? "number" : ""}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {columns.map((column, position) =>
                position === 0 ? (
                  <th key={column.title} scope="row" title={column.tooltip?.(row)}>
                    {column.cell(row)}
                  </th>
                ) : (
                  <td key={column.title} class={column.numeric ? "number" : ""} title={column.tooltip?.(row)}>
                    {column.cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
