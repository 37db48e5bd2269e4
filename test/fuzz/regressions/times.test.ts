import { testContext } from "../../support/call-context.js";
import { APPOINTMENT, PRACTICE, sspClient } from "./ssp-client.js";

const NO_INSTANTS = ["1952", "2026-11-24", "2026-11-24T09:00:00", "Tue, 24 Nov 2026 09:00:00 GMT", "7"];

describe("a time from a practice that is not an instant", () => {
  const { client, respondWith } = sspClient();
  const read = () => client.readAppointment(PRACTICE, "7", testContext(), { patientId: "9" });

  it.each(NO_INSTANTS)("%s as the start of an appointment makes the response unusable", async (start) => {
    respondWith(JSON.stringify({ ...APPOINTMENT, start }));
    await expect(read()).rejects.toMatchObject({
      code: "UPSTREAM_BAD_RESPONSE",
      reason: "INCOMPLETE_RESOURCE",
    });
  });

  it.each(NO_INSTANTS)("%s as the creation time is left out", async (created) => {
    respondWith(JSON.stringify({ ...APPOINTMENT, created }));
    await expect(read()).resolves.toMatchObject({ appointment: { id: "7", created: undefined } });
  });
});
