export {
  type Directory,
  type DirectoryQuery,
  type DirectoryResult,
  GP_CONNECT_DIRECTORY_INTERACTION,
  type OwnAsidResult,
  type OwnSystemQuery,
  type OwnSystems,
} from "./directory.js";
export { createFhirDirectory, type FhirDirectoryOptions } from "./fhir-directory.js";
export { createLdapDirectory, type LdapDirectoryOptions } from "./ldap-directory.js";
