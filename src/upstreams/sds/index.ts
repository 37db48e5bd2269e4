export {
  type Directory,
  type DirectoryAnswer,
  type DirectoryQuery,
  GP_CONNECT_DIRECTORY_INTERACTION,
} from "./directory.js";
export { createFhirDirectory, type FhirDirectoryOptions } from "./fhir-directory.js";
