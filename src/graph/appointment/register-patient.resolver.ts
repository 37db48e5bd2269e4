import { Arg, Ctx, Directive, Field, ID, InputType, Mutation, Resolver } from "type-graphql";
import { registerPatient } from "../../journeys/register/register-patient.js";
import type { GraphContext } from "../context.js";
import { PatientDetailsInput } from "../patient/patient-details.input.js";
import { costOfCalls } from "../shared/price.js";
import { STAFF } from "../shared/tags.js";
import { RegisterPatientResult, toRegisterPatientResult } from "./register-patient.result.js";
import { TemporaryAddressInput, toTemporaryContacts } from "./temporary-address.input.js";

@InputType("RegisterPatientInput", {
  description: "Whom to register, and where. What the practice is told of the person comes from PDS.",
})
export class RegisterPatientInput {
  @Field(() => ID, { description: "The patient's NHS number." })
  nhsNumber!: string;

  @Field(() => ID, { description: "ODS code of the practice." })
  odsCode!: string;

  @Field(() => PatientDetailsInput, {
    nullable: true,
    description: "Details to hold against PDS before anybody is registered.",
  })
  verify?: PatientDetailsInput;

  @Field(() => TemporaryAddressInput, {
    nullable: true,
    description: "Where the patient stays for the time being.",
  })
  temporaryAddress?: TemporaryAddressInput;

  @Field(() => String, {
    nullable: true,
    description: "On which number the patient is reached for the time being.",
  })
  temporaryPhone?: string;
}

@Resolver()
export class RegisterPatientResolver {
  @Directive(STAFF)
  @Directive(costOfCalls(5))
  @Mutation(() => RegisterPatientResult, {
    nullable: true,
    description:
      "Registers a patient temporarily at a practice, unless the practice knows them already. Booking can do the same on the way: see `registerIfAbsent`.",
  })
  async registerPatient(
    @Arg("input", () => RegisterPatientInput, { description: "Whom to register, and where." })
    input: RegisterPatientInput,
    @Ctx() context: GraphContext,
  ): Promise<typeof RegisterPatientResult> {
    const outcome = await registerPatient(
      {
        nhsNumber: input.nhsNumber,
        odsCode: input.odsCode,
        verify: input.verify ?? undefined,
        temporaryContacts: toTemporaryContacts(input),
      },
      context,
    );
    return toRegisterPatientResult(outcome) as typeof RegisterPatientResult;
  }
}
