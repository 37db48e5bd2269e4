import { Ctx, Directive, FieldResolver, Resolver, Root } from "type-graphql";
import { tracePatient } from "../../journeys/trace-patient.js";
import type { GraphContext } from "../context.js";
import { PatientType } from "../patient/patient.type.js";
import { costOfCalls } from "../shared/price.js";
import { SlotLocationType, SlotPractitionerType } from "../slot/slot-details.type.js";
import { AppointmentType } from "./appointment.type.js";

/** What an appointment only refers to: fetched when selected, each place and person once. */
@Resolver(() => AppointmentType)
export class AppointmentDetailsResolver {
  @Directive(costOfCalls(1))
  @FieldResolver(() => PatientType, { nullable: true, description: "Whose appointment it is." })
  async patient(
    @Root() { placed }: AppointmentType,
    @Ctx() context: GraphContext,
  ): Promise<PatientType | undefined> {
    const traced = await tracePatient(placed.nhsNumber, undefined, context);
    return traced && new PatientType(traced, context.now);
  }

  @Directive(costOfCalls(1))
  @FieldResolver(() => SlotLocationType, { nullable: true, description: "Where it takes place." })
  async location(
    @Root() { placed }: AppointmentType,
    @Ctx() { loaders }: GraphContext,
  ): Promise<SlotLocationType | undefined> {
    const { odsCode, record } = placed;
    if (record.locationId === undefined) return undefined;
    return new SlotLocationType(await loaders.location.load({ odsCode, id: record.locationId }));
  }

  @Directive(costOfCalls(1))
  @FieldResolver(() => SlotPractitionerType, { nullable: true, description: "Whom the patient sees." })
  async practitioner(
    @Root() { placed }: AppointmentType,
    @Ctx() { loaders }: GraphContext,
  ): Promise<SlotPractitionerType | undefined> {
    const { odsCode, record } = placed;
    if (record.practitionerId === undefined) return undefined;
    const practitioner = await loaders.practitioner.load({ odsCode, id: record.practitionerId });
    return new SlotPractitionerType(practitioner, record.practitionerRole);
  }
}
