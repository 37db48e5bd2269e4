import { HAZARDS } from "./hazards.js";
import type { Rule, RuleSection } from "./rule.js";
import { CAPABILITY } from "./rules/capability.js";
import { CORE } from "./rules/core.js";
import { DISPLAY, DOUBLE_RUN } from "./rules/display.js";
import { FOUNDATIONS } from "./rules/foundations.js";
import { GENERAL } from "./rules/general.js";
import { SCRIPTS } from "./rules/scripts.js";
import { SPINE } from "./rules/spine.js";
import { STORIES } from "./rules/stories.js";

/** Every rule of the assurance notes, section 1, in their order. */
export const SECTIONS: readonly RuleSection[] = [
  FOUNDATIONS,
  SPINE,
  GENERAL,
  CORE,
  CAPABILITY,
  STORIES,
  SCRIPTS,
  DISPLAY,
  DOUBLE_RUN,
];

/** All rules, without their sections. */
export const RULES: readonly Rule[] = SECTIONS.flatMap(({ rules }) => rules);

export { HAZARDS };
