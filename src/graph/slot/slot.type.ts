import { Field, ID, Int, ObjectType } from "type-graphql";
import { toEpochMs } from "../../domain/instant.js";
import { withLondonOffset } from "../../domain/london-time.js";
import type { Location, Slot } from "../../domain/slot.js";
import type { SlotIds } from "../../platform/ids/slot-id.js";
import { PracticeType } from "../practice/practice.type.js";
import { CodedValueType } from "../shared/coded-value.type.js";
import { DateTime } from "../shared/scalars.js";
import { SlotLocationType, SlotPractitionerType } from "./slot-details.type.js";

const MINUTE_MS = 60_000;

/** All slots of a session have one location. */
const locationTypes = new WeakMap<Location, SlotLocationType>();

function locationTypeOf(location: Location): SlotLocationType {
  const known = locationTypes.get(location) ?? new SlotLocationType(location);
  locationTypes.set(location, known);
  return known;
}

/** Nested objects are created when they are selected: a response may hold tens of thousands of slots. */
@ObjectType("Slot", {
  simpleResolvers: true,
  description:
    "A period that was free when the practice responded. It is not reserved: somebody else may book it first.",
})
export class SlotType {
  @Field(() => DateTime, { description: "Start, as the practice wrote it: UK time with its offset." })
  start: string;

  @Field(() => DateTime, { description: "End, as the practice wrote it." })
  end: string;

  @Field(() => Int, { description: "Length in minutes." })
  get durationMinutes(): number {
    return Math.round((toEpochMs(this.end) - toEpochMs(this.start)) / MINUTE_MS);
  }

  @Field(() => String, {
    nullable: true,
    description:
      "How the patient is seen, as the practice sent it: `In-person`, `Telephone`, `Video`, or a newer code.",
  })
  deliveryChannel: string | undefined;

  @Field(() => String, { nullable: true, description: "Type of slot as the practice names it." })
  type: string | undefined;

  @Field(() => String, { nullable: true, description: "Type of session that the slot belongs to." })
  scheduleType: string | undefined;

  @Field(() => SlotPractitionerType, {
    nullable: true,
    description:
      "Whom the patient would see; null when the session has no practitioner. The first of several: see `practitioners`.",
  })
  get practitioner(): SlotPractitionerType | undefined {
    const { practitioner, practitionerRole } = this.source.slot;
    return practitioner && new SlotPractitionerType(practitioner, practitionerRole);
  }

  @Field(() => CodedValueType, {
    nullable: true,
    description:
      "Job role that the session is for; known even when no practitioner is. The first of several: see `practitionerRoles`.",
  })
  get practitionerRole(): CodedValueType | undefined {
    const { practitionerRole } = this.source.slot;
    return practitionerRole && Object.assign(new CodedValueType(), practitionerRole);
  }

  @Field(() => [SlotPractitionerType], {
    description:
      "Everybody whom the session names. With several, `role` is null: sessions do not say whose role each is.",
  })
  get practitioners(): SlotPractitionerType[] {
    const { practitioner, practitioners, practitionerRole } = this.source.slot;
    const all = practitioners ?? (practitioner ? [practitioner] : []);
    const role = all.length === 1 ? practitionerRole : undefined;
    return all.map((each) => new SlotPractitionerType(each, role));
  }

  @Field(() => [CodedValueType], { description: "Every job role that the session is for." })
  get practitionerRoles(): CodedValueType[] {
    const { practitionerRole, practitionerRoles } = this.source.slot;
    const all = practitionerRoles ?? (practitionerRole ? [practitionerRole] : []);
    return all.map((role) => Object.assign(new CodedValueType(), role));
  }

  @Field(() => SlotLocationType, { nullable: true, description: "Where it takes place." })
  get location(): SlotLocationType {
    return locationTypeOf(this.source.slot.location);
  }

  @Field(() => String, {
    nullable: true,
    description:
      "Name of the service that the session belongs to. Null when it belongs to none, or the practice does not say.",
  })
  serviceName: string | undefined;

  @Field(() => PracticeType, { description: "The practice whose slot it is." })
  practice: PracticeType;

  @Field(() => ID, {
    description:
      "Opaque; all that `bookAppointment` needs. Valid until the slot starts. Says nothing of any patient.",
  })
  get id(): string {
    const { slot, practice, ids, organisationType } = this.source;
    return ids.encode({
      odsCode: practice.code,
      slotId: slot.id,
      scheduleId: slot.scheduleId,
      start: slot.start,
      end: slot.end,
      deliveryChannel: slot.deliveryChannel,
      serviceType: slot.serviceType,
      locationId: slot.location.id,
      practitionerId: slot.practitioner?.id,
      organisationType,
      healthcareServiceId: slot.service?.id,
    });
  }

  constructor(
    private readonly source: {
      readonly slot: Slot;
      readonly practice: PracticeType;
      readonly ids: SlotIds;
      /** The organisation type that the search was made with. */
      readonly organisationType: string | undefined;
    },
  ) {
    const { slot, practice } = source;
    this.start = withLondonOffset(slot.start);
    this.end = withLondonOffset(slot.end);
    this.deliveryChannel = slot.deliveryChannel;
    this.type = slot.serviceType;
    this.scheduleType = slot.scheduleType;
    this.serviceName = slot.service?.name;
    this.practice = practice;
  }
}
