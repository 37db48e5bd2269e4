import { Ctx, Directive, FieldResolver, Resolver, Root } from "type-graphql";
import type { Organisation } from "../../domain/slot.js";
import type { GraphContext } from "../context.js";
import { PostalAddressType } from "../shared/postal-address.type.js";
import { costOfCalls } from "../shared/price.js";
import { PracticeType } from "./practice.type.js";
import { requirePracticeAccess } from "./require-practice-access.js";

@Resolver(() => PracticeType)
export class PracticeDetailsResolver {
  @Directive(costOfCalls(0.4))
  @FieldResolver(() => String, {
    nullable: true,
    description:
      "The practice's name as its own system has it. Comes with the response to a slot search; otherwise costs one call.",
  })
  async name(@Root() practice: PracticeType, @Ctx() context: GraphContext): Promise<string | undefined> {
    return (await organisation(practice, context))?.name;
  }

  @Directive(costOfCalls(0.4))
  @FieldResolver(() => PostalAddressType, {
    nullable: true,
    description: "The practice's address as its own system has it. Branch surgeries are on the slots.",
  })
  async address(
    @Root() practice: PracticeType,
    @Ctx() context: GraphContext,
  ): Promise<PostalAddressType | undefined> {
    const found = await organisation(practice, context);
    if (found === undefined || (found.addressLines.length === 0 && found.postalCode === undefined))
      return undefined;
    return new PostalAddressType({ lines: found.addressLines, postalCode: found.postalCode });
  }

  @Directive(costOfCalls(0.4))
  @FieldResolver(() => String, { nullable: true, description: "The practice's telephone number." })
  async phone(@Root() practice: PracticeType, @Ctx() context: GraphContext): Promise<string | undefined> {
    return (await organisation(practice, context))?.phone;
  }
}

async function organisation(
  practice: PracticeType,
  context: GraphContext,
): Promise<Organisation | undefined> {
  requirePracticeAccess(practice, context);
  return context.loaders.organisation.load(practice.code);
}
