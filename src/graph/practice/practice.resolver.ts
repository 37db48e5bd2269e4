import { Arg, Directive, ID, Query, Resolver } from "type-graphql";
import { type OdsCode, parseOdsCode } from "../../domain/ods-code.js";
import { BadUserInputError } from "../../platform/errors.js";
import { assumedSize } from "../shared/price.js";
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

  @Directive(assumedSize(20))
  @Query(() => [PracticeType], {
    nullable: "itemsAndList",
    description:
      "Several practices, such as a federation or a hub, in the requested order. One that is named twice appears twice and costs as once. Each fails alone: a malformed code is null with an error in its place. At most 200.",
  })
  practices(
    @Arg("odsCodes", () => [ID], { description: "ODS codes of the practices." }) odsCodes: string[],
  ): (PracticeType | Error)[] {
    if (odsCodes.length > MAX_PRACTICES) {
      throw new BadUserInputError("odsCodes", `At most ${MAX_PRACTICES} practices can be requested at once.`);
    }
    return odsCodes.map((odsCode, index) => practiceOrError(odsCode, `odsCodes.${index}`));
  }
}

/** In a list an error stands in its own place and spoils no other. */
function practiceOrError(text: string, field: string): PracticeType | Error {
  const odsCode = parseOdsCode(text);
  return odsCode ? new PracticeType(odsCode) : malformed(field);
}

/** @throws BadUserInputError naming the argument. */
export function requireOdsCode(text: string, field: string): OdsCode {
  const odsCode = parseOdsCode(text);
  if (odsCode) return odsCode;
  throw malformed(field);
}

function malformed(field: string): BadUserInputError {
  return new BadUserInputError(field, "An ODS code has 3 to 10 letters and digits.");
}
