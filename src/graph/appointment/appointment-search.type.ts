import { Directive, Field, ObjectType } from "type-graphql";
import { PracticeType } from "../practice/practice.type.js";
import { assumedSize } from "../shared/price.js";
import { DateOnly, DateTime } from "../shared/scalars.js";
import { AppointmentType } from "./appointment.type.js";

@ObjectType("AppointmentSearch", {
  simpleResolvers: true,
  description:
    "A patient's appointments at one practice, and how they were come by: where, which days, when.",
})
export class AppointmentSearchType {
  @Directive(assumedSize(10))
  @Field(() => [AppointmentType], {
    description: "The appointments, cancelled ones included, in order of time.",
  })
  appointments!: AppointmentType[];

  @Field(() => PracticeType, {
    nullable: true,
    description: "The practice that was asked. Nothing is said of any other.",
  })
  practice!: PracticeType;

  @Field(() => DateOnly, {
    description:
      "First day that was asked for. Practices show today and later only: nothing earlier can be had.",
  })
  from!: string;

  @Field(() => DateOnly, { description: "Last day that was asked for." })
  to!: string;

  @Field(() => DateTime, { description: "When the practice was asked." })
  fetchedAt!: string;

  @Field(() => [String], {
    description:
      "What a reader of the list must know, in plain words: that an appointment could not be used and was left out, and what the practice itself says about its response.",
  })
  warnings!: readonly string[];
}
