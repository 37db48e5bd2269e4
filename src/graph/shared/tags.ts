/**
 * Audiences, for the contracts of a supergraph. A contract for patients excludes both; one for staff excludes `operator`.
 */

/** For those who run the deployment: where practices are registered. */
export const OPERATOR = '@tag(name: "operator")';

/** For staff with a role that permits it: finding people, and registering them. */
export const STAFF = '@tag(name: "staff")';
