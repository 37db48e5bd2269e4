import { randomUUID } from "node:crypto";
import { Refused } from "../../http/service.js";

/** Refuses a token request. The error format is OAuth, not FHIR (PDS notes, 3.5). */
export function refuseToken(status: number, error: string, description: string): never {
  throw new Refused({
    status,
    headers: { "content-type": "application/json" },
    body: { error, error_description: description, message_id: `rrt-${randomUUID()}` },
  });
}
