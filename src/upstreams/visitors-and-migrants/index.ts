export {
  createVisitorsAndMigrantsClient,
  type VisitorsAndMigrantsClient,
  type VisitorsAndMigrantsClientOptions,
} from "./client.js";
