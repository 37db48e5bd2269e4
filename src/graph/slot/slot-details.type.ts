import { Field, ID, ObjectType } from "type-graphql";
import type { CodedValue } from "../../domain/coded-value.js";
import { displayName } from "../../domain/person-name.js";
import type { Location, Practitioner } from "../../domain/slot.js";
import { CodedValueType } from "../shared/coded-value.type.js";

@ObjectType("SlotPractitioner", { simpleResolvers: true, description: "Whom the patient would see." })
export class SlotPractitionerType {
  @Field(() => String, { nullable: true, description: "The practitioner's name on one line." })
  name: string | undefined;

  @Field(() => CodedValueType, { nullable: true, description: "Job role, from an open list." })
  role: CodedValueType | undefined;

  @Field(() => String, { nullable: true, description: "`male`, `female`, `other` or `unknown`." })
  gender: string | undefined;

  constructor(practitioner: Practitioner, role: CodedValue | undefined) {
    this.name = practitioner.name && (displayName(practitioner.name) || undefined);
    this.role = role && Object.assign(new CodedValueType(), role);
    this.gender = practitioner.gender;
  }
}

@ObjectType("SlotLocation", {
  simpleResolvers: true,
  description: "Where it takes place: one of the practice's surgeries.",
})
export class SlotLocationType {
  @Field(() => ID, {
    nullable: true,
    description:
      "Id of the place in this practice's system. Other practices use the same ids for other places.",
  })
  localId: string;

  @Field(() => String, { nullable: true, description: "Name of the surgery." })
  name: string | undefined;

  @Field(() => String, { nullable: true, description: "Address on one line." })
  address: string | undefined;

  @Field(() => String, { nullable: true, description: "Telephone number of the surgery." })
  telecom: string | undefined;

  constructor(location: Location) {
    this.localId = location.id;
    this.name = location.name;
    const parts = [...location.addressLines, ...(location.postalCode ? [location.postalCode] : [])];
    this.address = parts.length > 0 ? parts.join(", ") : undefined;
    this.telecom = location.phone;
  }
}
