import { Directive, Field, ID, ObjectType } from "type-graphql";
import { currentHomeAddress } from "../../domain/current-address.js";
import { toLondonDate } from "../../domain/london-time.js";
import { isDeceased } from "../../domain/patient-gates.js";
import { covers } from "../../domain/period.js";
import { currentName } from "../../domain/person-name.js";
import type { TracedPatient } from "../../journeys/gates.js";
import { HumanNameType } from "../shared/human-name.type.js";
import { PostalAddressType } from "../shared/postal-address.type.js";
import { DateTime } from "../shared/scalars.js";

/** What has to be made is made when it is selected: of the patients of a long list often only their practice is. */
@ObjectType("Patient", {
  simpleResolvers: true,
  description:
    "A person as the Personal Demographics Service (PDS) knows them. What PDS withholds, or does not hold, is null.",
})
@Directive('@key(fields: "nhsNumber")')
export class PatientType {
  @Field(() => ID, {
    description:
      "The current NHS number, ten digits. In a reference from another subgraph it stays as that subgraph gave it: see `currentNhsNumber`.",
  })
  nhsNumber: string;

  @Field(() => ID, {
    nullable: true,
    description: "The number under which PDS holds the record now. Use this one from now on.",
  })
  currentNhsNumber: string | undefined;

  @Field(() => ID, {
    nullable: true,
    description: "The number as requested, when PDS has superseded it. Replace it in your own records.",
  })
  requestedNhsNumber: string | undefined;

  @Field(() => HumanNameType, { nullable: true, description: "The usual name in force today." })
  get name(): HumanNameType | undefined {
    const name = currentName(this.traced.record.names, this.today);
    return name && new HumanNameType(name);
  }

  @Field(() => String, {
    nullable: true,
    description: "Date of birth as PDS sent it: `1952-05-31`, or partial, `1952-05` or `1952`.",
  })
  dateOfBirth: string | undefined;

  @Field(() => String, { nullable: true, description: "`male`, `female`, `other` or `unknown`." })
  gender: string | undefined;

  @Field(() => Boolean, {
    nullable: true,
    description:
      "Whether PDS holds a date of death, or a notice of death that has not been withdrawn. Check what your own records say of a death before you book: PDS may not know yet.",
  })
  deceased: boolean;

  @Field(() => String, {
    nullable: true,
    description: "Date, or date and time, of death as PDS sent it; may be partial.",
  })
  deceasedAt: string | undefined;

  @Field(() => PostalAddressType, { nullable: true, description: "Home address in force today." })
  get address(): PostalAddressType | undefined {
    const home = currentHomeAddress(this.traced.record.addresses, this.today);
    return home && new PostalAddressType(home);
  }

  @Field(() => String, { nullable: true, description: "A telephone number in force today." })
  get phone(): string | undefined {
    return this.telecomValue("phone");
  }

  @Field(() => String, { nullable: true, description: "An e-mail address in force today." })
  get email(): string | undefined {
    return this.telecomValue("email");
  }

  @Field(() => DateTime, { nullable: true, description: "When PDS gave this record." })
  fetchedAt: string;

  /** For the fields that need further calls; not part of the schema. */
  readonly traced: TracedPatient;

  private readonly today: string;

  /** @param key the key of a reference, which must stay as it was given although PDS may know a newer number. */
  constructor(traced: TracedPatient, now: number, key?: string) {
    const { record } = traced;
    this.traced = traced;
    this.today = toLondonDate(now);
    this.nhsNumber = key ?? record.nhsNumber;
    this.currentNhsNumber = record.nhsNumber;
    this.requestedNhsNumber =
      record.requestedNhsNumber === record.nhsNumber ? undefined : record.requestedNhsNumber;
    this.dateOfBirth = record.birthDate;
    this.gender = record.gender;
    this.deceased = isDeceased(record);
    this.deceasedAt = record.deceasedAt;
    this.fetchedAt = new Date(record.tracedAt).toISOString();
  }

  private telecomValue(system: string): string | undefined {
    const inForce = this.traced.record.telecoms.find(
      (telecom) => telecom.system === system && covers(telecom.period, this.today),
    );
    return inForce?.value;
  }
}
