/** The synthetic patients and practices of the sandbox, each with the case that it represents. */
export interface Personas {
  readonly patients: readonly { readonly nhsNumber: string; readonly name: string; readonly case: string }[];
  readonly practices: readonly { readonly odsCode: string; readonly name: string; readonly case: string }[];
}
