import { readFileSync } from "node:fs";
import { join } from "node:path";

const DIRECTORY = join(__dirname, "..", "operations");

/** The text of a documented operation, such as `03-card`. */
export function operation(name: string): string {
  return readFileSync(join(DIRECTORY, `${name}.graphql`), "utf8");
}
