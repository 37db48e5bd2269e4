import { z } from "zod";
import type { OdsCode } from "../../domain/ods-code.js";
import { asid, file, odsCode, text, url } from "./setting-fields.js";

/** GP Connect's organisation types, sent as a slot filter and repeated in the booking. */
export const organisationType = z.enum(["gp-practice", "urgent-care"], "must be gp-practice or urgent-care");

/** Who we are to Spine and to the practices. */
export const consumerSettings = {
  /** Several organisations, instead of the settings of one. */
  CONSUMERS_FILE: file,
  CONSUMER_ASID: asid.default("200000000115"),
  CONSUMER_ODS_CODE: odsCode.default("T82000" as OdsCode),
  CONSUMER_NAME: text.default("Riverside Booking Hub"),
  CONSUMER_TYPE: z.union([z.literal(""), organisationType]).optional(),
  CONSUMER_PHONE: text.default("0300 000 0000"),
  CONSUMER_SYSTEM_URL: url().default("https://spine-graph.example"),
  CONSUMER_PRODUCT: text.default("spine-graph"),
  CONSUMER_PRODUCT_VERSION: text.default("0.1.0"),
};
