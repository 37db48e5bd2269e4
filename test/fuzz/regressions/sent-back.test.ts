import { testContext } from "../../support/call-context.js";
import { APPOINTMENT, PRACTICE, sspClient } from "./ssp-client.js";

describe("an appointment that is sent back with a change", () => {
  const { http, client, respondWith } = sspClient();
  const read = () => client.readAppointment(PRACTICE, "7", testContext(), { patientId: "9" });

  it("keeps a member called __proto__ without using it", async () => {
    respondWith(JSON.stringify(APPOINTMENT).replace("{", '{"__proto__":{"comment":"inherited"},'));
    const received = await read();
    await client.amendAppointment(PRACTICE, received, { description: "Synthetic" }, testContext());
    const sent = http.sent.find(({ method }) => method === "PUT")?.body;
    expect(sent).toContain('"__proto__":{"comment":"inherited"}');
    expect(sent).toContain('"description":"Synthetic"');
  });

  it.each([
    ["lists", `${"[".repeat(50_000)}${"]".repeat(50_000)}`],
    ["objects", `${'{"a":'.repeat(50_000)}1${"}".repeat(50_000)}`],
  ])("is refused when %s are nested too deeply to serialise", async (_kind, nest) => {
    respondWith(JSON.stringify(APPOINTMENT).replace("{", `{"unknown":${nest},`));
    await expect(read()).rejects.toMatchObject({ code: "UPSTREAM_BAD_RESPONSE", reason: "WRONG_RESOURCE" });
  });
});
