import { z } from "zod";
import type { OdsCode } from "../domain/ods-code.js";
import { asid, odsCode, url } from "./config-fields.js";

/** Who we are to Spine and to the practices. */
export const consumerSettings = {
  CONSUMER_ASID: asid.default("200000000115"),
  CONSUMER_ODS_CODE: odsCode.default("T82000" as OdsCode),
  CONSUMER_NAME: z.string().min(1).default("Riverside Booking Hub"),
  CONSUMER_TYPE: z
    .union([z.literal(""), z.enum(["gp-practice", "urgent-care"], "must be gp-practice or urgent-care")])
    .default("gp-practice"),
  CONSUMER_PHONE: z.string().min(1).default("0300 000 0000"),
  CONSUMER_SYSTEM_URL: url().default("https://spine-graph.example"),
  CONSUMER_PRODUCT: z.string().min(1).default("spine-graph"),
  CONSUMER_PRODUCT_VERSION: z.string().min(1).default("0.1.0"),
};
