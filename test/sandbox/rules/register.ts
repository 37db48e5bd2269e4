/** A rule of the simulators. Its statement and its tests are the test titles that begin with its id. */
export interface SimulatorRule {
  readonly id: string;
  /** Why no test holds the rule. Absent: tests hold it. */
  readonly notHeld?: string;
  /** Where sources conflict: what the supplier profiles decide. */
  readonly note?: string;
}

/** How many rules each group of the provider acceptance pack has (consumer assurance notes, section 5.2). */
const GROUPS: Readonly<Record<string, number>> = {
  "P-T": 8,
  "P-H": 12,
  "P-J": 10,
  "P-C": 5,
  "P-F": 5,
  "P-D": 3,
  "P-G": 13,
  "P-S": 11,
  "P-B": 12,
  "P-R": 4,
  "P-V": 9,
  "P-M": 7,
  "P-X": 8,
  "P-O": 6,
  // Rules of the specification that the pack does not test (section 5.3), in their order there.
  "S-": 20,
};

const EXCEPTIONS: Readonly<Record<string, Omit<SimulatorRule, "id">>> = {
  "P-T1": {
    note: "With `--tls`. Without it, a request to a practice that bypasses the proxy gets 496 (S-2)",
  },
  "P-T2": { note: "As P-T1" },
  "P-T3": { note: "As P-T1" },
  "P-T4": { note: "As P-T1" },
  "P-T5": { note: "As P-T1" },
  "P-T6": { note: "As P-T1" },
  "P-T7": { notHeld: "Waived: optional for server-side consumers. OPTIONS gets 405 (P-H2)" },
  "P-T8": {
    note: "The pack expects 400 from a practice; the proxy's own table says 403 and decides, because it checks first",
  },
  "P-H3": { note: "JSON only. XML gets 415 and a log line" },
  "P-C1": { note: "The statement lists JSON only, because XML is not simulated" },
  "P-C5": { notHeld: "Waived: belongs to the structured record" },
  "P-G5": {
    note: "The pack says 400, the specification 422: the profile `older-without-service-types` sends 422",
  },
  "P-G7": { note: "As P-G5" },
  "P-G8": { note: "As P-G5" },
  "P-B4": { note: "The profile `demonstrator-like` accepts concurrent bookings of one slot" },
  "P-M3": { note: "The profile `demonstrator-like` accepts a PUT without If-Match" },
  "S-5": { note: "The profile `demonstrator-like` books and reads past appointments" },
  "S-7": { note: "The profile `demonstrator-like` checks channel and type only" },
  "S-12": { note: "The profile `demonstrator-like` filters by the start of a slot" },
  "S-19": { note: "At the practice T81019, which has version 1.2.9" },
};

/** All rules in the order of the notes. */
export const RULES: readonly SimulatorRule[] = Object.entries(GROUPS).flatMap(([prefix, count]) =>
  Array.from({ length: count }, (_, index) => {
    const id = `${prefix}${index + 1}`;
    return { id, ...EXCEPTIONS[id] };
  }),
);
