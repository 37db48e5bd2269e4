import { serveParent } from "../kit/child.js";
import { type FloodPlan, flood, measureCapacity } from "./generator.js";

/** Runs the generator in a process of its own. */
serveParent({
  flood: (plan) => flood(plan as FloodPlan),
  measureCapacity: (plan) => measureCapacity(plan as FloodPlan),
});
