import { Arg, ID, Query, Resolver } from "type-graphql";
import { type OdsCode, parseOdsCode } from "../../domain/ods-code.js";
import { BadUserInputError } from "../../platform/errors.js";
import { PracticeType } from "./practice.type.js";

/** More would be a search of the country rather than of a federation or hub. */
const MAX_PRACTICES = 200;

@Resolver()
export class PracticeResolver {
  @Query(() => PracticeType, {
    nullable: true,
    description:
      "A practice by its ODS code. Costs nothing by itself: its fields are fetched when selected. A code that Spine does not know shows as nulls with errors on those fields.",
  })
  practice(
    @Arg("odsCode", () => ID, { description: "ODS code of the practice, not of one of its sites." })
    odsCode: string,
  ): PracticeType {
    return new PracticeType(requireOdsCode(odsCode, "odsCode"));
  }

  @Query(() => [PracticeType], {
    nullable: "items",
    description:
      "Several practices, such as a federation or a hub, in the order asked for. Each fails alone. At most 200.",
  })
  practices(
    @Arg("odsCodes", () => [ID], { description: "ODS codes of the practices." }) odsCodes: string[],
  ): PracticeType[] {
    if (odsCodes.length > MAX_PRACTICES) {
      throw new BadUserInputError("odsCodes", `At most ${MAX_PRACTICES} practices can be asked for at once.`);
    }
    return odsCodes.map((odsCode) => new PracticeType(requireOdsCode(odsCode, "odsCodes")));
  }
}

/** @throws BadUserInputError naming the argument. */
export function requireOdsCode(text: string, field: string): OdsCode {
  const odsCode = parseOdsCode(text);
  if (odsCode) return odsCode;
  throw new BadUserInputError(field, "An ODS code has 3 to 10 letters and digits.");
}
