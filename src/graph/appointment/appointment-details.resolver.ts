import { Ctx, Directive, FieldResolver, Resolver, Root } from "type-graphql";
import { tracePatient } from "../../journeys/trace-patient.js";
import type { GraphContext } from "../context.js";
import { PatientType } from "../patient/patient.type.js";
import { assumedSize, costOfCalls } from "../shared/price.js";
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
  @FieldResolver(() => SlotPractitionerType, {
    nullable: true,
    description: "Whom the patient sees. The first of several: see `practitioners`.",
  })
  async practitioner(
    @Root() { placed }: AppointmentType,
    @Ctx() { loaders }: GraphContext,
  ): Promise<SlotPractitionerType | undefined> {
    const { odsCode, record } = placed;
    if (record.practitionerId === undefined) return undefined;
    const practitioner = await loaders.practitioner.load({ odsCode, id: record.practitionerId });
    return new SlotPractitionerType(practitioner, record.practitionerRole);
  }
  @Directive(costOfCalls(1))
  @Directive(assumedSize(2))
  @FieldResolver(() => [SlotPractitionerType], {
    nullable: true,
    description:
      "Everybody whom the patient sees. With several, `role` is null: appointments do not say whose role each is. Costs one call to the practice for each of them.",
  })
  async practitioners(
    @Root() { placed }: AppointmentType,
    @Ctx() { loaders }: GraphContext,
  ): Promise<SlotPractitionerType[]> {
    const { odsCode, record } = placed;
    const { practitionerId, practitionerIds } = record;
    const ids = practitionerIds ?? (practitionerId === undefined ? [] : [practitionerId]);
    const role = ids.length === 1 ? record.practitionerRole : undefined;
    const practitioners = await Promise.all(ids.map((id) => loaders.practitioner.load({ odsCode, id })));
    return practitioners.map((practitioner) => new SlotPractitionerType(practitioner, role));
  }
}
