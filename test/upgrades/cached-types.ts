import type { PracticeCapabilities } from "../../src/domain/capabilities.js";
import type { DirectoryEntry } from "../../src/domain/directory-entry.js";
import type { NhsNumber } from "../../src/domain/nhs-number.js";
import type { OdsCode } from "../../src/domain/ods-code.js";
import type { CACHE_SHAPE, Stored } from "../../src/platform/cache/scoped-cache.js";
import type { PdsReadResult } from "../../src/upstreams/pds/index.js";

/** The types that the cache holds now. Only a found record is kept. */
interface CachedTypes {
  readonly patient: Stored<Extract<PdsReadResult, { kind: "found" }>>;
  readonly directoryEntry: Stored<DirectoryEntry>;
  readonly capabilities: Stored<PracticeCapabilities>;
}

/** The same types, written out, by the number of their shape. Never change a number's types: add the next number. */
interface TypesByShape {
  2: {
    readonly patient: {
      readonly value: {
        readonly kind: "found";
        readonly record: {
          readonly nhsNumber: NhsNumber;
          readonly requestedNhsNumber: NhsNumber;
          readonly versionId?: string | undefined;
          readonly confidentiality?: string | undefined;
          readonly names: readonly {
            readonly use?: string | undefined;
            readonly period?:
              | { readonly start?: string | undefined; readonly end?: string | undefined }
              | undefined;
            readonly family?: string | undefined;
            readonly given: readonly string[];
            readonly prefix: readonly string[];
            readonly suffix: readonly string[];
          }[];
          readonly gender?: string | undefined;
          readonly birthDate?: string | undefined;
          readonly deceasedAt?: string | undefined;
          readonly deceased?: boolean | undefined;
          readonly deathNotification?: string | undefined;
          readonly addresses: readonly {
            readonly use?: string | undefined;
            readonly period?:
              | { readonly start?: string | undefined; readonly end?: string | undefined }
              | undefined;
            readonly lines: readonly string[];
            readonly postalCode?: string | undefined;
          }[];
          readonly telecoms: readonly {
            readonly system?: string | undefined;
            readonly use?: string | undefined;
            readonly value: string;
            readonly period?:
              | { readonly start?: string | undefined; readonly end?: string | undefined }
              | undefined;
          }[];
          readonly registeredPractice?:
            | {
                readonly odsCode: OdsCode;
                readonly period?:
                  | { readonly start?: string | undefined; readonly end?: string | undefined }
                  | undefined;
              }
            | undefined;
          readonly tracedAt: number;
        };
      };
      readonly expiresAt: number;
      readonly refreshAt: number;
    };
    readonly directoryEntry: {
      readonly value: {
        readonly odsCode: OdsCode;
        readonly asid: string;
        readonly partyKey: string;
        readonly serviceRootUrl: string;
      };
      readonly expiresAt: number;
      readonly refreshAt: number;
    };
    readonly capabilities: {
      readonly value: {
        readonly gpConnectVersion?: string | undefined;
        readonly fhirVersion?: string | undefined;
        readonly software?:
          | { readonly name?: string | undefined; readonly version?: string | undefined }
          | undefined;
        readonly interactions: readonly string[];
      };
      readonly expiresAt: number;
      readonly refreshAt: number;
    };
  };
}

/** Whether two types have the same members all the way down, optional ones as optional ones. */
type IsSame<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** The type check fails here when a cached type has changed: raise `CACHE_SHAPE`, and add its types above. */
export const isShapeOfItsNumber: IsSame<CachedTypes, TypesByShape[typeof CACHE_SHAPE]> = true;

interface Deep {
  readonly one: { readonly two?: readonly { readonly three?: string | undefined }[] | undefined };
}
/** The comparison sees a member that is added, removed, or no longer optional, at any depth. */
export const seesEachChange: [
  IsSame<
    Deep,
    { readonly one: { readonly two?: readonly { readonly three?: string | undefined }[] | undefined } }
  >,
  IsSame<
    Deep,
    { readonly one: { readonly two?: readonly { readonly three?: number | undefined }[] | undefined } }
  >,
  IsSame<
    Deep,
    { readonly one: { readonly two?: readonly { readonly three: string | undefined }[] | undefined } }
  >,
  IsSame<
    Deep,
    {
      readonly one: {
        readonly two?: readonly { readonly three?: string | undefined; readonly four?: string }[] | undefined;
      };
    }
  >,
  IsSame<Deep, { readonly one: object }>,
] = [true, false, false, false, false];
