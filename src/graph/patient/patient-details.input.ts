import { Field, InputType } from "type-graphql";
import type { KnownDetails } from "../../domain/verified-details.js";
import { DateOnly } from "../shared/scalars.js";

@InputType("PatientDetailsInput", {
  description:
    "What you know of the person from another source. An NHS number alone verifies nobody; these details reveal a wrong number.",
})
export class PatientDetailsInput implements KnownDetails {
  @Field(() => DateOnly, { description: "Date of birth." })
  birthDate!: string;

  @Field(() => String, { nullable: true, description: "Family name; its first three letters are compared." })
  familyName?: string;

  @Field(() => String, { nullable: true, description: "Given name; its first letter is compared." })
  givenName?: string;
}
