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
