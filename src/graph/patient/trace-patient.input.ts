import { Directive, Field, ID, InputType, Int } from "type-graphql";
import type { TraceDetails } from "../../domain/trace-details.js";
import { Gender } from "../shared/enums.js";
import { DateOnly } from "../shared/scalars.js";
import { STAFF } from "../shared/tags.js";

@Directive(STAFF)
@InputType("PatientTraceInput", {
  description:
    "What you know of a person whose NHS number you do not know. Needed at least: a family name (or its beginning) and a date of birth (or a range). With `fuzzy`: given name, family name and date of birth; or one of the names with date of birth, gender and postcode.",
})
export class PatientTraceInput implements TraceDetails {
  @Field(() => String, {
    nullable: true,
    description: "Family name, whole. Capitals do not matter. Asterisks are taken out.",
  })
  family?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "The beginning of the family name, two letters or more, in place of `family`.",
  })
  familyStartsWith?: string | null;

  @Field(() => [String], {
    nullable: true,
    description:
      "Given names in order, a compound name such as `John Paul` as one of them. Middle names can lose a match when PDS does not hold them.",
  })
  given?: string[] | null;

  @Field(() => String, {
    nullable: true,
    description: "The beginning of the first given name, two letters or more, in place of `given`.",
  })
  givenStartsWith?: string | null;

  @Field(() => Gender, { nullable: true, description: "Gender. Best omitted unless the search is fuzzy." })
  gender?: string | null;

  @Field(() => DateOnly, { nullable: true, description: "Date of birth." })
  birthDate?: string | null;

  @Field(() => DateOnly, {
    nullable: true,
    description: "First day of a range of dates of birth, in place of `birthDate`.",
  })
  birthDateFrom?: string | null;

  @Field(() => DateOnly, { nullable: true, description: "Last day of that range." })
  birthDateTo?: string | null;

  @Field(() => DateOnly, { nullable: true, description: "Date of death." })
  deathDate?: string | null;

  @Field(() => DateOnly, {
    nullable: true,
    description: "First day of a range of dates of death, in place of `deathDate`.",
  })
  deathDateFrom?: string | null;

  @Field(() => DateOnly, { nullable: true, description: "Last day of that range." })
  deathDateTo?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "Postcode of any address that PDS holds; spaces and capitals do not matter. With it no restricted record is found, whoever is meant.",
  })
  postcode?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      "The beginning of the postcode, two characters or more, in place of `postcode`. With it no restricted record is found either.",
  })
  postcodeStartsWith?: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "ODS code of the practice where the person is registered. With it no restricted record is found.",
  })
  practiceOdsCode?: string | null;

  @Field(() => String, { nullable: true, description: "E-mail address, whole." })
  email?: string | null;

  @Field(() => String, {
    nullable: true,
    description: "Telephone number exactly as PDS holds it: `+44` and `0` are not made alike.",
  })
  phone?: string | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Also find names that sound alike, names in the other order, and earlier ones. Check who was found before you go on.",
  })
  fuzzy?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description: "Find only what agrees in everything. Not with beginnings, not with `fuzzy`.",
  })
  exact?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Also find by earlier names, addresses, numbers and e-mail addresses. The result holds today's values, which may have nothing in common with your criteria.",
  })
  includeHistory?: boolean | null;

  @Field(() => Int, {
    nullable: true,
    description:
      "At most this many candidates, 1 to 50; the default is 50. It matters only where each user signs in to the Spine: otherwise one person is found or none.",
  })
  maxResults?: number | null;
}
