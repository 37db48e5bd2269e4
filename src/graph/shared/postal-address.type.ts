import { Field, ObjectType } from "type-graphql";

@ObjectType("SpinePostalAddress", {
  simpleResolvers: true,
  description: "A postal address as its source wrote it.",
})
export class PostalAddressType {
  @Field(() => [String], {
    description: "Address lines without empty ones. Their positions have no meaning.",
  })
  lines: readonly string[];

  @Field(() => String, { nullable: true, description: "Postcode." })
  postalCode: string | undefined;

  constructor(address: { readonly lines: readonly string[]; readonly postalCode?: string | undefined }) {
    this.lines = address.lines;
    this.postalCode = address.postalCode;
  }
}
