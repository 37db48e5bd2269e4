import { Ctx, Directive, Field, FieldResolver, ObjectType, Resolver, Root } from "type-graphql";
import type { DirectoryEntry } from "../../domain/directory-entry.js";
import type { GraphContext } from "../context.js";
import { costOfCalls } from "../shared/price.js";
import { OPERATOR } from "../shared/tags.js";
import { PracticeType } from "./practice.type.js";

@Directive(OPERATOR)
@ObjectType("PracticeEndpoint", {
  simpleResolvers: true,
  description: "Where Spine's directory says that a practice's GP Connect system is. For operators.",
})
export class PracticeEndpointType implements Pick<DirectoryEntry, "asid" | "partyKey" | "serviceRootUrl"> {
  @Field(() => String, { description: "Accredited system id (ASID) of the practice's system." })
  asid!: string;

  @Field(() => String, { description: "Party key that joins the practice's directory records." })
  partyKey!: string;

  @Field(() => String, { description: "FHIR service root as registered, letter by letter." })
  serviceRootUrl!: string;
}

@Resolver(() => PracticeType)
export class PracticeEndpointResolver {
  @Directive(OPERATOR)
  @Directive(costOfCalls(1))
  @FieldResolver(() => PracticeEndpointType, {
    nullable: true,
    description:
      "The practice's entry in the directory. One round of look-ups, none again in the same session.",
  })
  async endpoint(
    @Root() { code }: PracticeType,
    @Ctx() { loaders }: GraphContext,
  ): Promise<PracticeEndpointType> {
    const { asid, partyKey, serviceRootUrl } = await loaders.practiceEndpoint.load(code);
    return Object.assign(new PracticeEndpointType(), { asid, partyKey, serviceRootUrl });
  }
}
