import { Field, InputType } from "type-graphql";
import type { KnownDetails } from "../../domain/verified-details.js";
import { DateOnly } from "../shared/scalars.js";

@InputType("PatientDetailsInput", {
  description:
    "What you know of the person from another source. A bare NHS number verifies nothing; with these details a wrong number is noticed.",
})
export class PatientDetailsInput implements KnownDetails {
  @Field(() => DateOnly, { description: "Date of birth." })
  birthDate!: string;

  @Field(() => String, { nullable: true, description: "Family name; its first three letters are compared." })
  familyName?: string;

  @Field(() => String, { nullable: true, description: "Given name; its first letter is compared." })
  givenName?: string;
}
