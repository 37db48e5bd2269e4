import { Field, ID, InputType } from "type-graphql";
import { PatientDetailsInput } from "../patient/patient-details.input.js";
import { TemporaryAddressInput } from "./temporary-address.input.js";

@InputType("BookAppointmentInput", { description: "What to book, and for whom." })
export class BookAppointmentInput {
  @Field(() => ID, { description: "The patient's NHS number." })
  nhsNumber!: string;

  @Field(() => [ID], {
    description:
      "One slot, or several adjacent ones of one practice: same session, each beginning when the one before ends, same delivery channel, same type.",
  })
  slotIds!: string[];

  @Field(() => String, {
    description:
      "Short text for the practice, 1 to 100 characters; longer is refused, never cut. Administrative, not clinical.",
  })
  description!: string;

  @Field(() => String, {
    nullable: true,
    description: "Longer text for the practice, up to 500 characters. Administrative, not clinical.",
  })
  comment?: string;

  @Field(() => PatientDetailsInput, {
    nullable: true,
    description: "Details to hold against PDS before anything is booked.",
  })
  verify?: PatientDetailsInput;

  @Field(() => ID, {
    nullable: true,
    description:
      "A key of your own making for this booking, known to nobody else. The same key gives the same result, however often it is sent; with other content it is refused. Left out, one is made.",
  })
  idempotencyKey?: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Register the patient temporarily when the practice does not know them. Left out, nobody is registered.",
  })
  registerIfAbsent?: boolean;

  @Field(() => TemporaryAddressInput, {
    nullable: true,
    description: "Where the patient stays for the time being; used only when a registration is made.",
  })
  temporaryAddress?: TemporaryAddressInput;

  @Field(() => String, {
    nullable: true,
    description:
      "On which number the patient is reached for the time being; used only when a registration is made.",
  })
  temporaryPhone?: string;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Go on although the practice's record differs from PDS: only after a `DemographicsMismatch` was shown to a person who decided so.",
  })
  acknowledgeDiscrepancies?: boolean;
}
