import { readFileSync } from "node:fs";

const AXE = "test/clients/node_modules/axe-core/axe.min.js";

/**
 * A script for a page that runs axe-core on it, and gives each violation with the element. It needs the packages of
 * test/clients.
 */
export function axeScript(): string {
  return `${readFileSync(AXE, "utf8")};
  axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + " " + html)))`;
}

/** A script for a page that gives the controls without a name. */
export const UNNAMED_CONTROLS = `[...document.querySelectorAll("button, a, input, select, [role=textbox], [role=tab], [role=option], summary")]
  .filter((element) => !(element.textContent.trim() || element.ariaLabel || element.labels?.length))
  .map((element) => element.outerHTML)`;

/** A script for a page that gives the ids that two elements have. */
export const DUPLICATE_IDS = `[...document.querySelectorAll("[id]")]
  .map(({ id }) => id).filter((id, index, all) => all.indexOf(id) !== index)`;
