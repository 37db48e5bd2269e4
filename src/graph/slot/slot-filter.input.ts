import { Field, ID, InputType, Int, registerEnumType } from "type-graphql";
import { Gender } from "../shared/enums.js";

/** The days of the week as the calendar counts them. */
export const Weekday = {
  MONDAY: 1,
  TUESDAY: 2,
  WEDNESDAY: 3,
  THURSDAY: 4,
  FRIDAY: 5,
  SATURDAY: 6,
  SUNDAY: 7,
} as const;

registerEnumType(Weekday, {
  name: "SpineWeekday",
  description: "A day of the week.",
  valuesConfig: {
    MONDAY: { description: "Monday." },
    TUESDAY: { description: "Tuesday." },
    WEDNESDAY: { description: "Wednesday." },
    THURSDAY: { description: "Thursday." },
    FRIDAY: { description: "Friday." },
    SATURDAY: { description: "Saturday." },
    SUNDAY: { description: "Sunday." },
  },
});

@InputType("SpineTimeOfDayInput", {
  description:
    "A part of the day by the clock on the wall in the United Kingdom, the same in summer and in winter. At least one end is needed.",
})
export class TimeOfDayInput {
  @Field(() => String, {
    nullable: true,
    description: "Earliest start, as `HH:MM` from `00:00`; the default is midnight.",
  })
  from?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Latest end, as `HH:MM` up to `24:00`; the default is midnight. It must be later than `from`.",
  })
  to?: string | null;
}

@InputType("SlotFilter", {
  description:
    "Which slots are wanted. An omitted field filters nothing. A slot must agree with every field that is given, and with one value of a list. Practices have no such filters: all their slots are fetched, and those that do not agree are withheld. A slot for which the practice gave no value is withheld when that value is filtered; `slotSearch` counts the withheld slots. Codes and texts are compared whatever their case.",
})
export class SlotFilterInput {
  @Field(() => [String], {
    nullable: true,
    description:
      "How the patient is seen: `In-person`, `Telephone`, `Video`, or another code of the practice's.",
  })
  deliveryChannels?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: "Codes of the job roles that a session may be for, as in `practitionerRole { code }`.",
  })
  practitionerRoles?: string[] | null;

  @Field(() => [Gender], { nullable: true, description: "Genders of the practitioner." })
  practitionerGenders?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: "A part of the practitioner's name, such as the family name.",
  })
  practitionerName?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: "Ids of places, as in `location { localId }`. They are unique at their own practice only.",
  })
  locationIds?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: "Types of slot as the practice names it, as in `type`.",
  })
  types?: string[] | null;

  @Field(() => [String], {
    nullable: true,
    description: "Types of session as the practice names it, as in `scheduleType`.",
  })
  scheduleTypes?: string[] | null;

  @Field(() => TimeOfDayInput, {
    nullable: true,
    description: "Part of the day that the slot lies wholly in.",
  })
  timeOfDay?: TimeOfDayInput | null;

  @Field(() => [Weekday], { nullable: true, description: "Days of the week on which the slot starts." })
  weekdays?: number[] | null;

  @Field(() => Int, { nullable: true, description: "Least length of the single slot in minutes, from 1." })
  minimumMinutes?: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "Only slots that are part of a run of this many, from 2 to 20, that may be booked as one appointment: each begins when the one before ends, in the same session, by the same delivery channel, of the same type. Each slot of the run agrees with the rest of the filter. `first` counts single slots, so it may cut a run short.",
  })
  adjacentSlots?: number | null;
}
