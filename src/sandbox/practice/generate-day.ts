import { offsetAtNoon, startOfLondonDate, toLondonDateTime, weekdayOf } from "../shared/london-time.js";
import { seededRandom } from "../shared/seeded.js";
import type { PracticeState } from "./practice-state.js";
import type { PracticeSchedule, PracticeSlot } from "./slot.js";
import { IDS_PER_DAY } from "./slot-calendar.js";
import type { SessionPattern } from "./timetable.js";

/** Share of slots that are taken from the start. */
const SHARE_BUSY = 0.25;
/** Ids of schedules follow those of the slots of the day. */
const FIRST_SCHEDULE_ID = IDS_PER_DAY / 2;
const MINUTE_MS = 60_000;

type Clinic = Pick<PracticeState, "practice" | "profile" | "locations" | "practitioners">;

/**
 * Generates the slots of a practice on one day. The same practice, seed and date give the same slots.
 *
 * @param firstId the first of the ids that the slots and schedules of this day may have
 */
export function generateDay(
  clinic: Clinic,
  sessions: readonly SessionPattern[],
  seed: string,
  date: string,
  firstId: number,
): PracticeSlot[] {
  const random = seededRandom(`${seed} ${clinic.practice.odsCode} ${date}`);
  const slots: PracticeSlot[] = [];
  const weekday = weekdayOf(date);
  sessions.forEach((session, index) => {
    if (!session.weekdays.includes(weekday)) return;
    const schedule = createSchedule(clinic, session, date, String(firstId + FIRST_SCHEDULE_ID + index));
    addSessionSlots(clinic, session, { schedule, date, firstId, random, slots });
  });
  return slots;
}

interface DayInProgress {
  readonly schedule: PracticeSchedule;
  readonly date: string;
  readonly firstId: number;
  readonly random: () => number;
  readonly slots: PracticeSlot[];
}

function addSessionSlots(
  { practice, profile }: Clinic,
  session: SessionPattern,
  { schedule, date, firstId, random, slots }: DayInProgress,
): void {
  let position = 0;
  for (const part of session.parts) {
    for (let count = 0; count < part.slots; count++, position++) {
      const isBusy = random() < SHARE_BUSY && !session.isAlwaysFree;
      const start = timeAt(session, date, position);
      const end = timeAt(session, date, position + 1);
      slots.push({
        id: String(firstId + slots.length),
        schedule,
        start,
        end,
        startMs: Date.parse(start),
        endMs: Date.parse(end),
        type: profile.serviceTypes ? part.type : undefined,
        channel: part.channel,
        restriction: session.restrictions?.[position] ?? {},
        initialStatus: isBusy || practice.behaviour === "fully-booked" ? "busy" : "free",
        offeredOnlyAfterStart: session.isAlwaysFree === true,
      });
    }
  }
}

function createSchedule(
  { practice, profile, locations, practitioners }: Clinic,
  session: SessionPattern,
  date: string,
  id: string,
): PracticeSchedule {
  const location = locations[session.location];
  if (!location) throw new Error(`practice ${practice.odsCode} has no location ${session.location}`);
  const slotCount = session.parts.reduce((sum, part) => sum + part.slots, 0);
  return {
    id,
    category: profile.serviceTypes ? session.category : undefined,
    role: session.role,
    practitioner: session.practitioner === undefined ? undefined : practitioners[session.practitioner],
    location,
    service: profile.serviceFiltering ? session.service : undefined,
    start: timeAt(session, date, 0),
    end: timeAt(session, date, slotCount),
  };
}

/**
 * The dateTime at which a slot of a session starts. The clocks change before 02:00, so the offset at noon holds for all
 * sessions except the one at midnight.
 */
function timeAt(session: SessionPattern, date: string, position: number): string {
  const [hours = 0, minutes = 0] = session.from.split(":").map(Number);
  const total = hours * 60 + minutes + position * session.minutes;
  const two = (value: number) => String(value).padStart(2, "0");
  const wallTime = `${two(Math.floor(total / 60))}:${two(total % 60)}:00`;
  if (hours > 1) return `${date}T${wallTime}${offsetAtNoon(date)}`;
  return toLondonDateTime(startOfLondonDate(date) + total * MINUTE_MS);
}
