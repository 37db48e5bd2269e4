import { Arg, Ctx, Directive, ID, Query, Resolver } from "type-graphql";
import { findAppointment } from "../../journeys/find-appointment.js";
import type { GraphContext } from "../context.js";
import { type ReferenceResolver, requireKey } from "../entities.js";
import { costOfCalls } from "../shared/price.js";
import { AppointmentType } from "./appointment.type.js";

@Resolver()
export class AppointmentResolver {
  @Directive(costOfCalls(2))
  @Query(() => AppointmentType, {
    nullable: true,
    description:
      "One appointment, read from the practice now. Null when the practice has no such appointment. Practices give those of today and later only.",
  })
  async appointment(
    @Arg("id", () => ID, { description: "As this service gave it out." }) id: string,
    @Ctx() context: GraphContext,
  ): Promise<AppointmentType | undefined> {
    return loadAppointment(id, "id", context);
  }
}

/** An appointment that another subgraph names by its key. */
export const resolveAppointmentReference: ReferenceResolver = async (representation, field, context) => {
  const key = requireKey(representation, "id", field);
  const appointment = await loadAppointment(key, `${field}.id`, context);
  // An id that was made with an earlier key of ours stays as the other subgraph knows it.
  return appointment ? Object.assign(appointment, { id: key }) : null;
};

async function loadAppointment(
  id: string,
  field: string,
  context: GraphContext,
): Promise<AppointmentType | undefined> {
  const placed = await findAppointment(id, field, context);
  return placed && new AppointmentType(placed, context.appointmentIds);
}
