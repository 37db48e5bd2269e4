import { z } from "zod";
import type { OdsCode } from "../domain/ods-code.js";
import { asid, milliseconds, odsCode, requestsASecond, url, width } from "./config-fields.js";

/** Where each service is, how it is asked, and how long and how widely. */
export const upstreamSettings = {
  PDS_URL: url().optional(),
  /** The scheme says by which protocol the directory is asked. */
  SDS_URL: url(/^(https?|ldaps?):$/, "an http(s) or ldap(s)").optional(),
  SDS_API_KEY: z.string().min(1).default("sandbox"),
  SDS_BASE_DN: z.string().min(1).default("ou=services,o=nhs"),
  SDS_LOOKUP: z.enum(["parallel", "ordered"], "must be parallel or ordered").default("parallel"),
  SSP_URL: url().optional(),
  VM_URL: url().optional(),

  SPINE_PARTY_KEY: z
    .string()
    .regex(/^[A-Za-z0-9-]+$/, "is not a party key")
    .default("YES-0000806"),
  SPINE_ODS_CODE: odsCode.default("YES" as OdsCode),
  SPINE_ASID: asid.optional(),
  VM_DIRECTORY_INTERACTION: z
    .string()
    .regex(/^urn:nhs:names:services:[A-Za-z0-9:._$-]+$/, "is not an interaction id")
    .default("urn:nhs:names:services:visitorsandmigrants:fhir:rest:search:observation:1"),

  PDS_TIMEOUT_MS: milliseconds(5_000),
  SDS_TIMEOUT_MS: milliseconds(5_000),
  SSP_TIMEOUT_MS: milliseconds(8_000),
  SSP_WRITE_TIMEOUT_MS: milliseconds(8_000).optional(),
  VM_TIMEOUT_MS: milliseconds(5_000),
  PDS_MAX_CONCURRENCY: width(64),
  SDS_MAX_CONCURRENCY: width(64),
  SSP_MAX_CONCURRENCY: width(64),
  VM_MAX_CONCURRENCY: width(64),
  PRACTICE_MAX_CONCURRENCY: width(8),
  /** Requests a second; what applies when they are not set is decided with the other limits of the traffic. */
  PDS_MAX_RPS: requestsASecond,
  SDS_MAX_RPS: requestsASecond,
};
