import { Directive, Field, ID, ObjectType } from "type-graphql";
import type { OdsCode } from "../../domain/ods-code.js";
import type { TracedPatient } from "../../journeys/gates.js";

@ObjectType("Practice", {
  simpleResolvers: true,
  description:
    "A general practice. Everything but its code is fetched only when selected, so each field can be null on its own; `errors` then says why.",
})
@Directive('@key(fields: "odsCode")')
export class PracticeType {
  @Field(() => ID, { description: "Code of the practice in the Organisation Data Service." })
  odsCode: string;

  /** The code that calls are made with: in capitals, whatever the case of a reference's key. */
  readonly code: OdsCode;

  /**
   * The patient through whom the practice was reached, if any. The gates for that person then guard every call to the
   * practice. Not part of the schema.
   */
  readonly onBehalfOf: TracedPatient | undefined;

  /** @param key the key of a reference, which must stay as it was given. */
  constructor(code: OdsCode, { onBehalfOf, key }: { onBehalfOf?: TracedPatient; key?: string } = {}) {
    this.code = code;
    this.odsCode = key ?? code;
    this.onBehalfOf = onBehalfOf;
  }
}
