export { createPdsClient, type PdsClient, type PdsClientOptions } from "./client.js";
export type { PdsReadResult } from "./read-response.js";
export type { PdsSearchResult } from "./search-response.js";
export {
  type ClientIdentity,
  createApplicationAccess,
  createUserAccess,
  type PdsAccess,
  type PdsCredentials,
  type TokenEndpointOptions,
} from "./token/index.js";
