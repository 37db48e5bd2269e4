/** Who may book a slot. Most slots have no restriction. */
export interface SlotRestriction {
  readonly organisationType?: string;
  readonly odsCode?: string;
}

/** A slot of the timetable. `start` and `end` are the strings on the wire. */
export interface PracticeSlot {
  readonly id: string;
  readonly schedule: PracticeSchedule;
  readonly start: string;
  readonly end: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly channel: string;
  readonly type: string | undefined;
  readonly restriction: SlotRestriction;
  /** Status before any booking. The calendar knows the current one. */
  readonly initialStatus: "free" | "busy";
  /** Some systems still offer slots that have begun (GP Connect notes, 14.2). */
  readonly offeredOnlyAfterStart: boolean;
}

/** One session at a location, with or without a practitioner. */
export interface PracticeSchedule {
  readonly id: string;
  readonly category: string | undefined;
  readonly role: Role;
  readonly practitioner: PracticeStaff | undefined;
  readonly location: PracticeLocation;
  readonly service: PracticeHealthcareService | undefined;
  readonly start: string;
  readonly end: string;
}

/** A service listed in the Directory of Services (GP Connect 1.2.8). */
export interface PracticeHealthcareService {
  readonly id: string;
  readonly dosId: string;
  readonly name: string;
}

/** An SDS job role. */
export interface Role {
  readonly code: string;
  readonly display: string;
}

/** A member of staff. */
export interface PracticeStaff {
  readonly id: string;
  readonly sdsUserId: string;
  readonly family: string;
  readonly given: string;
  readonly prefix: string;
  readonly gender: string;
}

/** A surgery of the practice. */
export interface PracticeLocation {
  readonly id: string;
  readonly name: string;
  readonly lines: readonly string[];
  readonly city: string;
  readonly postalCode: string;
  readonly phone: string;
}
