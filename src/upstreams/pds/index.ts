export { createPdsClient, type PdsClient, type PdsClientOptions, type PdsReadResult } from "./client.js";
