export {
  type Directory,
  type DirectoryQuery,
  type DirectoryResult,
  GP_CONNECT_DIRECTORY_INTERACTION,
} from "./directory.js";
export { createFhirDirectory, type FhirDirectoryOptions } from "./fhir-directory.js";
export { fetchInteractionsByLdap } from "./interactions-by-ldap.js";
export { createLdapDirectory, type LdapDirectoryOptions } from "./ldap-directory.js";
