import { serviceName } from "../web-ui/sequence-diagram/call-words.js";
import type { ServiceName } from "./api/fault.js";

/** A service as the page names it. */
export function displayService(service: ServiceName): string {
  return service === "PRACTICE" ? "Practice" : serviceName(service);
}
