import { serveParent } from "../kit/child.js";
import { type LoadPlan, sendLoad } from "./load.js";

/** Runs the generator in a process of its own. */
serveParent({ sendLoad: (plan) => sendLoad(plan as LoadPlan) });
