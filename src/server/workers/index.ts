export { startPrimary } from "./primary.js";
export { WorkersFailedError } from "./supervisor.js";
export { isWorker, joinPrimary } from "./worker.js";
