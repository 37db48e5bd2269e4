export {
  type Directory,
  type DirectoryAnswer,
  type DirectoryQuery,
  GP_CONNECT_DIRECTORY_INTERACTION,
  type OwnAsidAnswer,
  type OwnSystemQuery,
  type OwnSystems,
} from "./directory.js";
export { createFhirDirectory, type FhirDirectoryOptions } from "./fhir-directory.js";
export { createLdapDirectory, type LdapDirectoryOptions } from "./ldap-directory.js";
