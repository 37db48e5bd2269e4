/** JSON Schemas of the REST responses, from which Fastify compiles its serialisers. */
const text = { type: "string", nullable: true };
const coded = nullable({ display: text });
const name = nullable({ display: text });

const slot = nullable({
  id: text,
  start: text,
  durationMinutes: { type: "integer" },
  deliveryChannel: text,
  type: text,
  practitioner: nullable({ name: text, role: coded }),
  location: nullable({ name: text, address: text }),
});

const practice = nullable({
  odsCode: text,
  name: text,
  capabilities: nullable({ gpConnectVersion: text, canBookAppointments: { type: "boolean" } }),
  freeSlots: listOf(slot),
});

const chargeableStatus = nullable({ recorded: { type: "boolean" }, status: coded, category: coded });

export const patient = nullable({ nhsNumber: text, name, dateOfBirth: text, gender: text });
export const patients = listOf(patient);
export const card = nullable({ nhsNumber: text, name, chargeableStatus, practice });
export const practices = listOf(nullable({ odsCode: text, freeSlots: listOf(slot) }));
export const booking = nullable({
  __typename: text,
  appointment: nullable({ id: text, status: text, start: text }),
});

function nullable(properties) {
  return { type: "object", nullable: true, properties };
}

function listOf(items) {
  return { type: "array", items };
}
