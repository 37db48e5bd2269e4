import { Ctx, Directive, FieldResolver, Resolver, Root } from "type-graphql";
import type { GraphContext } from "../context.js";
import { costOfCalls } from "../shared/price.js";
import { AppointmentType } from "./appointment.type.js";

@Resolver(() => AppointmentType)
export class AppointmentServiceResolver {
  /** Makes a call only where services are in use (assurance notes, US03 and US06). */
  @Directive(costOfCalls(1))
  @FieldResolver(() => String, {
    nullable: true,
    description:
      "Name of the service that it belongs to. Null when it belongs to none, or the practice or this server does not use GP Connect 1.2.8.",
  })
  async serviceName(
    @Root() { placed }: AppointmentType,
    @Ctx() { loaders }: GraphContext,
  ): Promise<string | undefined> {
    const { odsCode, record } = placed;
    if (record.service === undefined) return undefined;
    const { id, name } = record.service;
    if (name !== undefined || !loaders.serviceFiltering) return name;
    return (await loaders.healthcareService.load({ odsCode, id }))?.name;
  }
}
