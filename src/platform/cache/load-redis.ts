/** Loads the Redis client, which takes a tenth of a start, where it is used only: without `CACHE_URL` no start pays for it. */
export function loadRedis(): typeof import("@keyv/redis") {
  return require("@keyv/redis");
}
