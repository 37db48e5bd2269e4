import { Ctx, Directive, Field, FieldResolver, ObjectType, Resolver, Root } from "type-graphql";
import { canBookAppointments, type PracticeCapabilities } from "../../domain/capabilities.js";
import type { GraphContext } from "../context.js";
import { costOfCalls } from "../shared/price.js";
import { PracticeType } from "./practice.type.js";
import { requirePracticeAccess } from "./require-practice-access.js";

@ObjectType("PracticeSoftware", { simpleResolvers: true, description: "The system that a practice runs." })
export class PracticeSoftwareType {
  @Field(() => String, { nullable: true, description: "Product name." })
  name?: string;

  @Field(() => String, { nullable: true, description: "Product version." })
  version?: string;
}

@ObjectType("PracticeCapabilities", {
  simpleResolvers: true,
  description: "What a practice's system says that it can do: its FHIR capability statement.",
})
export class PracticeCapabilitiesType {
  @Field(() => String, {
    nullable: true,
    description: "Version of the GP Connect specification, such as `1.2.7`.",
  })
  gpConnectVersion: string | undefined;

  @Field(() => String, { nullable: true, description: "Version of FHIR, such as `3.0.1`." })
  fhirVersion: string | undefined;

  @Field(() => PracticeSoftwareType, { nullable: true, description: "The system that the practice runs." })
  software: PracticeSoftwareType | undefined;

  @Field(() => [String], {
    description:
      "The interactions it supports, such as `Slot.search-type` or `Appointment.create`; operations by name.",
  })
  interactions: readonly string[];

  @Field(() => Boolean, {
    description:
      "Whether slots can be searched for and appointments made. It does not say that any slot is free.",
  })
  canBookAppointments: boolean;

  constructor(capabilities: PracticeCapabilities) {
    this.gpConnectVersion = capabilities.gpConnectVersion;
    this.fhirVersion = capabilities.fhirVersion;
    this.software = capabilities.software && Object.assign(new PracticeSoftwareType(), capabilities.software);
    this.interactions = capabilities.interactions;
    this.canBookAppointments = canBookAppointments(capabilities);
  }
}

@Resolver(() => PracticeType)
export class PracticeCapabilitiesResolver {
  @Directive(costOfCalls(1))
  @FieldResolver(() => PracticeCapabilitiesType, {
    nullable: true,
    description:
      "The practice's capability statement. One call to the practice; kept for a while, since it changes rarely.",
  })
  async capabilities(
    @Root() practice: PracticeType,
    @Ctx() context: GraphContext,
  ): Promise<PracticeCapabilitiesType> {
    requirePracticeAccess(practice, context);
    return new PracticeCapabilitiesType(await context.loaders.capabilities.load(practice.code));
  }
}
