import { Directive, Field, ID, Int, ObjectType } from "type-graphql";
import { withLondonOffset } from "../../domain/london-time.js";
import type { PlacedAppointment } from "../../journeys/placed-appointment.js";
import type { AppointmentIds } from "../../platform/ids/appointment-id.js";
import { PracticeType } from "../practice/practice.type.js";
import { CodedValueType } from "../shared/coded-value.type.js";
import { DateTime } from "../shared/scalars.js";

@ObjectType("BookingOrganisation", {
  simpleResolvers: true,
  description: "The organisation that made a booking, as the appointment itself records it.",
})
export class BookingOrganisationType {
  @Field(() => ID, { nullable: true, description: "Its ODS code." })
  odsCode?: string;

  @Field(() => String, { nullable: true, description: "Its name." })
  name?: string;

  @Field(() => String, { nullable: true, description: "The number on which the practice can call back." })
  phone?: string;
}

@ObjectType("Appointment", {
  simpleResolvers: true,
  description:
    "An appointment at one practice, whoever booked it. That it is booked does not say that anybody attended.",
})
@Directive('@key(fields: "id")')
export class AppointmentType {
  @Field(() => ID, {
    description: "Opaque, and the same for the same appointment always. Reveals nothing of the patient.",
  })
  id: string;

  @Field(() => String, {
    nullable: true,
    description: "As the practice sent it: `booked`, `cancelled`, or another of the practice's own.",
  })
  status: string;

  @Field(() => DateTime, {
    nullable: true,
    description: "Start, as the practice wrote it: UK time with its offset.",
  })
  start: string;

  @Field(() => DateTime, { nullable: true, description: "End, as the practice wrote it." })
  end: string;

  @Field(() => Int, { nullable: true, description: "How long it is planned to last." })
  durationMinutes: number;

  @Field(() => String, { nullable: true, description: "Short text, up to 100 characters." })
  description: string | undefined;

  @Field(() => String, { nullable: true, description: "Longer text, up to 500 characters." })
  comment: string | undefined;

  @Field(() => String, { nullable: true, description: "Why it was cancelled." })
  cancellationReason: string | undefined;

  @Field(() => DateTime, { nullable: true, description: "When it was booked." })
  createdAt: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: "How the patient is seen: `In-person`, `Telephone`, `Video`, or a newer code.",
  })
  deliveryChannel: string | undefined;

  @Field(() => String, { nullable: true, description: "Type of slot as the practice names it." })
  type: string | undefined;

  @Field(() => String, { nullable: true, description: "Type of session that it belongs to." })
  scheduleType: string | undefined;

  @Field(() => CodedValueType, {
    nullable: true,
    description: "Job role of the practitioner. The first of several: see `practitionerRoles`.",
  })
  practitionerRole: CodedValueType | undefined;

  @Field(() => [CodedValueType], {
    nullable: true,
    description: "Every job role that the appointment is for.",
  })
  practitionerRoles: CodedValueType[];

  @Field(() => BookingOrganisationType, {
    nullable: true,
    description: "Who booked it. Null when the practice booked it itself.",
  })
  bookedBy: BookingOrganisationType | undefined;

  @Field(() => PracticeType, { nullable: true, description: "The practice where it takes place." })
  practice: PracticeType;

  @Field(() => String, {
    nullable: true,
    description:
      "Version of this state. Send it back with a change, so that nobody's later change is overwritten.",
  })
  version: string;

  @Field(() => DateTime, { nullable: true, description: "When the practice gave this state." })
  fetchedAt: string;

  constructor(
    /** Not part of the schema. */
    readonly placed: PlacedAppointment,
    ids: AppointmentIds,
  ) {
    const { record, odsCode, nhsNumber, fetchedAt } = placed;
    const { id: appointmentId, patientId } = record;
    this.id = ids.encode({ odsCode, appointmentId, nhsNumber, patientId });
    this.status = record.status;
    this.start = withLondonOffset(record.start);
    this.end = withLondonOffset(record.end);
    this.durationMinutes = Math.round((Date.parse(record.end) - Date.parse(record.start)) / 60_000);
    this.description = record.description;
    this.comment = record.comment;
    this.cancellationReason = record.cancellationReason;
    this.createdAt = record.created === undefined ? undefined : withLondonOffset(record.created);
    this.deliveryChannel = record.deliveryChannel;
    this.type = record.serviceType;
    this.scheduleType = record.scheduleType;
    this.practitionerRole =
      record.practitionerRole && Object.assign(new CodedValueType(), record.practitionerRole);
    const roles = record.practitionerRoles ?? (record.practitionerRole ? [record.practitionerRole] : []);
    this.practitionerRoles = roles.map((role) => Object.assign(new CodedValueType(), role));
    this.bookedBy =
      record.bookingOrganisation && Object.assign(new BookingOrganisationType(), record.bookingOrganisation);
    this.practice = new PracticeType(odsCode);
    this.version = record.versionId;
    this.fetchedAt = new Date(fetchedAt).toISOString();
  }
}
