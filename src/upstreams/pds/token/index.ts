export { createApplicationAccess, createUserAccess, type PdsAccess, type PdsCredentials } from "./access.js";
export type { ClientIdentity } from "./assertion.js";
export type { TokenEndpointOptions } from "./request-token.js";
