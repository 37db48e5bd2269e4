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
  odsCode: OdsCode;

  /**
   * The patient through whom the practice was reached, if any: the gates for that person then stand before
   * every call to it. Not part of the schema.
   */
  readonly onBehalfOf: TracedPatient | undefined;

  constructor(odsCode: OdsCode, onBehalfOf?: TracedPatient) {
    this.odsCode = odsCode;
    this.onBehalfOf = onBehalfOf;
  }
}
