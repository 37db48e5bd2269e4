import { Directive, Field, ObjectType } from "type-graphql";
import { PracticeType } from "../practice/practice.type.js";
import { assumedSize } from "../shared/price.js";
import { DateOnly, DateTime } from "../shared/scalars.js";
import { AppointmentType } from "./appointment.type.js";

@ObjectType("AppointmentSearch", {
  simpleResolvers: true,
  description: "A patient's appointments at one practice, and how they were found: where, which days, when.",
})
export class AppointmentSearchType {
  @Directive(assumedSize(10))
  @Field(() => [AppointmentType], {
    description: "The appointments, cancelled ones included, in order of time.",
  })
  appointments!: AppointmentType[];

  @Field(() => PracticeType, {
    nullable: true,
    description: "The practice that was read. It says nothing of any other.",
  })
  practice!: PracticeType;

  @Field(() => DateOnly, {
    description: "First day that was requested. Practices show today and later only.",
  })
  from!: string;

  @Field(() => DateOnly, { description: "Last day that was requested." })
  to!: string;

  @Field(() => DateTime, { description: "When the practice responded." })
  fetchedAt!: string;

  @Field(() => [String], {
    description:
      "Conditions that the caller could otherwise miss, in plain words: that an appointment could not be used and was omitted, that one slot has two appointments of your organisation, and what the practice itself says about its response.",
  })
  warnings!: readonly string[];
}
