import { Directive, Field, ID, ObjectType } from "type-graphql";
import { currentHomeAddress } from "../../domain/current-address.js";
import { toLondonDate } from "../../domain/london-time.js";
import { isDeceased } from "../../domain/patient-gates.js";
import type { PatientMatch } from "../../domain/patient-match.js";
import { currentName } from "../../domain/person-name.js";
import { HumanNameType } from "../shared/human-name.type.js";
import { PostalAddressType } from "../shared/postal-address.type.js";
import { STAFF } from "../shared/tags.js";

@Directive(STAFF)
@ObjectType("PatientTraceCandidate", {
  simpleResolvers: true,
  description:
    "One of several people who match. A search shows a part of the record only, so a missing value says nothing; select `patient` once you know who it is.",
})
export class PatientTraceCandidateType {
  @Field(() => ID, { description: "NHS number." })
  readonly nhsNumber: string;

  @Field(() => HumanNameType, {
    nullable: true,
    description: "The usual name in force today, which need not be the name that matched.",
  })
  readonly name: HumanNameType | undefined;

  @Field(() => String, {
    nullable: true,
    description: "Date of birth as PDS sent it; may be partial.",
  })
  readonly dateOfBirth: string | undefined;

  @Field(() => String, { nullable: true, description: "`male`, `female`, `other` or `unknown`." })
  readonly gender: string | undefined;

  @Field(() => Boolean, {
    description: "Whether PDS holds a date of death, or a notice of death that has not been withdrawn.",
  })
  readonly deceased: boolean;

  @Field(() => PostalAddressType, {
    nullable: true,
    description: "Home address in force today, which need not be the address that matched.",
  })
  readonly address: PostalAddressType | undefined;

  /** For `patient`; not part of the schema. */
  readonly match: PatientMatch;

  constructor(match: PatientMatch, now: number) {
    const today = toLondonDate(now);
    const name = currentName(match.names, today);
    const home = currentHomeAddress(match.addresses, today);
    this.match = match;
    this.nhsNumber = match.nhsNumber;
    this.name = name && new HumanNameType(name);
    this.dateOfBirth = match.birthDate;
    this.gender = match.gender;
    this.deceased = isDeceased(match);
    this.address = home && new PostalAddressType(home);
  }
}
