import { z } from "zod";
import { milliseconds } from "./setting-fields.js";

/** What is checked before a command is sent, and how its outcome is reconciled (design, sections 8 and 9). */
export const commandSettings = {
  /** How late a practice may still carry out a request. */
  LATE_COMMIT_BOUND_MS: milliseconds(30_000),
  /** Gate G6. Default: live mode requires details with every command, the sandbox does not. */
  REQUIRE_VERIFIED_DETAILS: z.stringbool().optional(),
  /** Gate G10: whether patients without a registered practice may be booked at another one. */
  ALLOW_BOOKING_WITHOUT_PRACTICE: z.stringbool().default(false),
};
