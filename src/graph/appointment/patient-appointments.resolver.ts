import { Args, ArgsType, Ctx, Directive, Field, FieldResolver, ID, Resolver, Root } from "type-graphql";
import type { AppointmentList } from "../../domain/appointment.js";
import { hasDoubleBooking } from "../../domain/double-bookings.js";
import { addToDate, toLondonDate } from "../../domain/london-time.js";
import { BadUserInputError } from "../../platform/errors.js";
import type { GraphContext } from "../context.js";
import { PatientType } from "../patient/patient.type.js";
import { requirePatientPractice } from "../patient/require-patient-practice.js";
import { requireOdsCode } from "../practice/practice.resolver.js";
import { PracticeType } from "../practice/practice.type.js";
import { assumedSize, costOfCalls } from "../shared/price.js";
import { DateOnly } from "../shared/scalars.js";
import { AppointmentType } from "./appointment.type.js";
import { AppointmentSearchType } from "./appointment-search.type.js";

const DEFAULT_MONTHS = 12;

/** Arguments of `Patient.appointments` and `Patient.appointmentSearch`. */
@ArgsType()
class AppointmentsArgs {
  @Field(() => ID, {
    nullable: true,
    description: "Practice to read from. The default is the registered practice.",
  })
  odsCode?: string | null;

  @Field(() => DateOnly, {
    nullable: true,
    description: "First day. The default is today in London. Earlier days are not available.",
  })
  from?: string | null;

  @Field(() => DateOnly, {
    nullable: true,
    description: "Last day. The default is 12 months after `from`.",
  })
  to?: string | null;
}

@Resolver(() => PatientType)
export class PatientAppointmentsResolver {
  @Directive(costOfCalls(0.2))
  @Directive(assumedSize(10))
  @FieldResolver(() => [AppointmentType], {
    nullable: true,
    description:
      "The patient's appointments at one practice, cancelled ones included, in order of time. Practices show today and later only. Empty when the practice has none, or does not know the patient. Says nothing of other practices.",
  })
  async appointments(
    @Root() patient: PatientType,
    @Ctx() context: GraphContext,
    @Args(() => AppointmentsArgs) args: AppointmentsArgs,
  ): Promise<AppointmentType[]> {
    return (await search(patient, args, context)).appointments;
  }

  @Directive(costOfCalls(2))
  @FieldResolver(() => AppointmentSearchType, {
    nullable: true,
    description:
      "The same appointments as `appointments`, together with the practice and the days that were requested, and when.",
  })
  async appointmentSearch(
    @Root() patient: PatientType,
    @Ctx() context: GraphContext,
    @Args(() => AppointmentsArgs) args: AppointmentsArgs,
  ): Promise<AppointmentSearchType> {
    return search(patient, args, context);
  }
}

async function search(
  patient: PatientType,
  { odsCode, from, to }: AppointmentsArgs,
  context: GraphContext,
): Promise<AppointmentSearchType> {
  const elsewhere = odsCode == null ? undefined : requireOdsCode(odsCode, "odsCode");
  const range = requireDates(from, to, toLondonDate(context.now));
  const practice = requirePatientPractice(patient, elsewhere, context);
  const { nhsNumber } = patient.traced.record;
  const found = await context.loaders.appointments.load({ odsCode: practice, nhsNumber, ...range });
  const fetchedAt = context.clock.now();
  const appointments = [...found.appointments]
    .sort((a, b) => Date.parse(a.start) - Date.parse(b.start))
    .map(
      (record) =>
        new AppointmentType({ odsCode: practice, nhsNumber, record, fetchedAt }, context.appointmentIds),
    );
  return Object.assign(new AppointmentSearchType(), {
    appointments,
    warnings: [...found.warnings, ...warnOfDoubleBooking(found, context)],
    practice: new PracticeType(practice),
    ...range,
    fetchedAt: new Date(fetchedAt).toISOString(),
  });
}

/** Nobody reads back after a create that was confirmed. A second effect of it is seen here, at no further call. */
function warnOfDoubleBooking(
  { appointments }: AppointmentList,
  { commands, call }: GraphContext,
): readonly string[] {
  if (!hasDoubleBooking(appointments, call.caller.organisation.odsCode)) return [];
  commands.alert("CARRIED_OUT_TWICE", { kind: "book" });
  return ["Your organisation has two appointments for this patient in one slot. Ring the practice."];
}

function requireDates(
  from: string | null | undefined,
  to: string | null | undefined,
  today: string,
): { from: string; to: string } {
  const first = from ?? today;
  if (first < today) {
    throw new BadUserInputError("from", "Practices show appointments of today and later only.");
  }
  const last = to ?? addToDate(first, { months: DEFAULT_MONTHS });
  if (last < first) throw new BadUserInputError("to", "The range ends before it starts.");
  return { from: first, to: last };
}
