import { z } from "zod";
import type { OdsCode } from "../../domain/ods-code.js";
import {
  asid,
  exactUrl,
  file,
  hostNames,
  milliseconds,
  odsCode,
  optionalMilliseconds,
  requestsPerSecond,
  text,
  url,
  width,
} from "./setting-fields.js";

/** The addresses of the services, how they are called, their time-outs and limits. */
export const upstreamSettings = {
  PDS_URL: url().optional(),
  /** How we authenticate to PDS: with a token for the application, or one for each caller. */
  PDS_AUTH: z
    .enum(["none", "signed-jwt", "token-exchange"], "must be none, signed-jwt or token-exchange")
    .default("none"),
  /** Also the audience of our signed assertion, exactly as written. */
  PDS_TOKEN_URL: exactUrl.optional(),
  PDS_API_KEY: text.optional(),
  PDS_KEY_ID: text.optional(),
  PDS_PRIVATE_KEY_FILE: file,
  /** States that no health worker's screen waits for the responses (PDS notes, 2.1). */
  PDS_UNATTENDED: z.stringbool().default(false),
  /** The scheme decides the protocol of the directory. */
  SDS_URL: url(/^(https?|ldaps?):$/, "an http(s) or ldap(s)").optional(),
  SDS_API_KEY: text.default("sandbox"),
  SDS_BASE_DN: text.default("ou=services,o=nhs"),
  SDS_LOOKUP: z.enum(["parallel", "ordered"], "must be parallel or ordered").default("parallel"),
  SSP_URL: url().optional(),
  /** The features of GP Connect 1.2.8: services of the Directory of Services (GP Connect notes, section 6). */
  GP_CONNECT_SERVICE_FILTERING: z.stringbool().default(false),
  VM_URL: url().optional(),
  /** Hosts of V&M that the directory may name: names, or suffixes with a leading dot. */
  VM_HOSTS: hostNames.optional(),

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
  SSP_WRITE_TIMEOUT_MS: optionalMilliseconds,
  VM_TIMEOUT_MS: milliseconds(5_000),
  PDS_MAX_CONCURRENCY: width(64),
  SDS_MAX_CONCURRENCY: width(64),
  SSP_MAX_CONCURRENCY: width(64),
  VM_MAX_CONCURRENCY: width(64),
  PRACTICE_MAX_CONCURRENCY: width(8),
  /** Requests a second. `upstreams/policies.ts` decides what applies when they are not set. */
  PDS_MAX_RPS: requestsPerSecond,
  SDS_MAX_RPS: requestsPerSecond,
};
