/** A practice's capability statement, as far as a booking client needs it. */
export interface PracticeCapabilities {
  readonly gpConnectVersion?: string | undefined;
  readonly fhirVersion?: string | undefined;
  readonly software?:
    | { readonly name?: string | undefined; readonly version?: string | undefined }
    | undefined;
  /** `Slot.search-type`, `Appointment.create`, and operations by name (`gpc.registerpatient`). */
  readonly interactions: readonly string[];
}

/**
 * Slots can be searched, and appointments created or updated. Some systems list `update` where they mean
 * `create` (provider acceptance pack, oddity "Book 26").
 */
export function canBookAppointments(capabilities: PracticeCapabilities): boolean {
  const offers = (interaction: string) => capabilities.interactions.includes(interaction);
  return offers("Slot.search-type") && (offers("Appointment.create") || offers("Appointment.update"));
}

/** The first version of GP Connect in which slots can be searched by service. */
const SERVICES_SINCE = [1, 2, 8];

/**
 * Whether the practice's version of GP Connect knows services (1.2.8 or later). A practice before it may refuse the
 * parameters for them. Versions are texts such as `1.2.7` or `1.2.8-beta.1`; one that cannot be read counts as earlier.
 */
export function supportsServices({ gpConnectVersion }: PracticeCapabilities): boolean {
  const parts = /^v?(\d+)\.(\d+)\.(\d+)/i
    .exec(gpConnectVersion?.trim() ?? "")
    ?.slice(1)
    .map(Number);
  if (!parts) return false;
  const index = parts.findIndex((part, place) => part !== SERVICES_SINCE[place]);
  return index < 0 || Number(parts[index]) > Number(SERVICES_SINCE[index]);
}
