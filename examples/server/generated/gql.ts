/* eslint-disable */
import * as types from './graphql';



/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query PatientCard($nhsNumber: ID!) {\n    patient(nhsNumber: $nhsNumber) {\n      name { display }\n      chargeableStatus { recorded status { display } }\n      practice { odsCode name nextFreeSlots(first: 3) { id start deliveryChannel } }\n    }\n  }\n": typeof types.PatientCardDocument,
};
const documents: Documents = {
    "\n  query PatientCard($nhsNumber: ID!) {\n    patient(nhsNumber: $nhsNumber) {\n      name { display }\n      chargeableStatus { recorded status { display } }\n      practice { odsCode name nextFreeSlots(first: 3) { id start deliveryChannel } }\n    }\n  }\n": types.PatientCardDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query PatientCard($nhsNumber: ID!) {\n    patient(nhsNumber: $nhsNumber) {\n      name { display }\n      chargeableStatus { recorded status { display } }\n      practice { odsCode name nextFreeSlots(first: 3) { id start deliveryChannel } }\n    }\n  }\n"): typeof import('./graphql').PatientCardDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
