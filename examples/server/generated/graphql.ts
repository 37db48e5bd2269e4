/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type PatientCardQueryVariables = Exact<{
  nhsNumber: string;
}>;


export type PatientCardQuery = { patient: { name: { display: string } | null, chargeableStatus: { recorded: boolean, status: { display: string | null } | null } | null, practice: { odsCode: string, name: string | null, nextFreeSlots: Array<{ id: string, start: string, deliveryChannel: string | null }> | null } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}

export const PatientCardDocument = new TypedDocumentString(`
    query PatientCard($nhsNumber: ID!) {
  patient(nhsNumber: $nhsNumber) {
    name {
      display
    }
    chargeableStatus {
      recorded
      status {
        display
      }
    }
    practice {
      odsCode
      name
      nextFreeSlots(first: 3) {
        id
        start
        deliveryChannel
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PatientCardQuery, PatientCardQueryVariables>;