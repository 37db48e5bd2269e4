import { secrets, upTo, url } from "./setting-fields.js";

/** Where values are cached, and for how long (design, section 6). */
export const cacheSettings = {
  CACHE_URL: url(/^rediss?:$/, "a redis(s)").optional(),
  CACHE_ENCRYPTION_KEY: secrets.optional(),
  PDS_CACHE_SECONDS: upTo(300, 120),
  SPINE_ENDPOINT_CACHE_MINUTES: upTo(60, 10),
  CAPABILITIES_CACHE_HOURS: upTo(24, 4),
};

/** Rules between several settings. */
export function cacheFaults(settings: {
  readonly CACHE_URL?: string | undefined;
  readonly CACHE_ENCRYPTION_KEY?: readonly string[] | undefined;
}): string[] {
  if (settings.CACHE_URL === undefined || settings.CACHE_ENCRYPTION_KEY !== undefined) return [];
  return ["CACHE_ENCRYPTION_KEY is required with CACHE_URL: personal data leaves the process encrypted"];
}
