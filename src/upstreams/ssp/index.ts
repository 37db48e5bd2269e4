export { createGpConnectClient, type GpConnectClientOptions } from "./create-gp-connect-client.js";
export type {
  AboutPatient,
  AppointmentChanges,
  DateRange,
  GpConnectClient,
  NewAppointment,
  ReceivedAppointment,
  SlotSearch,
  SlotWindow,
  TemporaryRegistration,
} from "./gp-connect-client.js";
export { INTERACTIONS } from "./interactions.js";
