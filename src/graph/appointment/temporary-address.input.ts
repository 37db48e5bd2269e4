import { Field, InputType } from "type-graphql";
import type { TemporaryContacts } from "../../journeys/register/temporary-contacts.js";

@InputType("TemporaryAddressInput", {
  description: "An address for the time of a stay. The practice keeps it apart from the one on PDS.",
})
export class TemporaryAddressInput {
  @Field(() => [String], { description: "1 to 5 lines, without the postcode." })
  lines!: string[];

  @Field(() => String, { nullable: true, description: "Postcode." })
  postalCode?: string;
}

/** What the inputs of commands say of the time of the stay. */
export interface TemporaryContactsInput {
  readonly temporaryAddress?: TemporaryAddressInput | null | undefined;
  readonly temporaryPhone?: string | null | undefined;
}

export function toTemporaryContacts(input: TemporaryContactsInput): TemporaryContacts | undefined {
  const { temporaryAddress, temporaryPhone } = input;
  if (temporaryAddress == null && temporaryPhone == null) return undefined;
  return {
    temporaryAddress: temporaryAddress
      ? { lines: temporaryAddress.lines, postalCode: temporaryAddress.postalCode ?? undefined }
      : undefined,
    temporaryPhone: temporaryPhone ?? undefined,
  };
}
