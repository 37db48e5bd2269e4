import { Arg, Ctx, ID, Query, Resolver } from "type-graphql";
import { findAppointment } from "../../journeys/find-appointment.js";
import type { GraphContext } from "../context.js";
import { AppointmentType } from "./appointment.type.js";

@Resolver()
export class AppointmentResolver {
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
export async function resolveAppointmentReference(
  reference: { readonly id: unknown },
  context: GraphContext,
): Promise<AppointmentType | null> {
  return (await loadAppointment(String(reference.id ?? ""), "representations.id", context)) ?? null;
}

async function loadAppointment(
  id: string,
  field: string,
  context: GraphContext,
): Promise<AppointmentType | undefined> {
  const placed = await findAppointment(id, field, context);
  return placed && new AppointmentType(placed, context.appointmentIds);
}
