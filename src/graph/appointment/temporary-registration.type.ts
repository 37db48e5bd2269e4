import { Field, ObjectType } from "type-graphql";
import type { PracticePatient } from "../../domain/patient.js";

@ObjectType("TemporaryRegistration", {
  simpleResolvers: true,
  description: "A registration at a practice where the patient is not a regular one.",
})
export class TemporaryRegistrationType {
  @Field(() => String, { nullable: true, description: "`T` for temporary; an open list." })
  type: string | undefined;

  @Field(() => String, { nullable: true, description: "First day or moment, as the practice wrote it." })
  start: string | undefined;

  @Field(() => String, { nullable: true, description: "Last day or moment, as the practice wrote it." })
  end: string | undefined;

  constructor(patient: PracticePatient) {
    this.type = patient.registrationType;
    this.start = patient.registrationPeriod?.start;
    this.end = patient.registrationPeriod?.end;
  }
}
