import { bookAppointment } from "./common/bookings.mjs";
import { announce, createApp, sessionOf } from "./common/listen.mjs";
import { loadPatient } from "./common/patients.mjs";
import { RequestContext } from "./common/request-context.mjs";
import { freeSlots } from "./common/slots.mjs";

/**
 * A hand-written service: one route for each thing that a screen needs, responses serialised by their schema. It shows
 * what the work itself costs without GraphQL.
 */
const app = createApp();

const text = { type: "string", nullable: true };
const named = { type: "object", nullable: true, properties: { name: text } };
const slot = {
  type: "object",
  properties: {
    id: { type: "string" },
    start: { type: "string" },
    end: { type: "string" },
    durationMinutes: { type: "integer" },
    deliveryChannel: text,
    type: text,
    practitioner: named,
    location: named,
  },
};
const practice = {
  type: "object",
  nullable: true,
  properties: { odsCode: { type: "string" }, freeSlots: { type: "array", items: slot } },
};
const demographics = {
  nhsNumber: { type: "string" },
  name: { type: "object", nullable: true, properties: { display: text } },
  dateOfBirth: text,
  gender: text,
};
const patient = { type: "object", nullable: true, properties: demographics };
const card = { type: "object", nullable: true, properties: { ...demographics, practice } };
const booked = {
  type: "object",
  properties: {
    __typename: { type: "string" },
    appointment: { type: "object", properties: { id: { type: "string" }, status: text, start: text } },
  },
};
const listOf = (items) => ({ type: "array", items });

route("/patient", patient, (context, { nhsNumber }) => loadPatient(context, nhsNumber));

route("/patients", listOf(patient), (context, { nhsNumbers }) =>
  Promise.all(nhsNumbers.map((nhsNumber) => loadPatient(context, nhsNumber))),
);

route("/card", card, async (context, { nhsNumber, first }) => {
  const found = await loadPatient(context, nhsNumber);
  if (found === null) return null;
  const { practiceCode, ...details } = found;
  return {
    ...details,
    practice: practiceCode ? await practiceWithSlots(context, practiceCode, first) : null,
  };
});

route("/practices", listOf(practice), (context, { odsCodes, first }) =>
  Promise.all(odsCodes.map((odsCode) => practiceWithSlots(context, odsCode, first))),
);

route("/bookings", booked, bookAppointment);

async function practiceWithSlots(context, odsCode, first) {
  return { odsCode, freeSlots: await freeSlots(context, odsCode, first) };
}

function route(url, schema, handle) {
  app.post(url, { schema: { response: { 200: schema } } }, async (request) => {
    const context = new RequestContext(sessionOf(request.headers));
    try {
      return await handle(context, request.body);
    } finally {
      await context.finish();
    }
  });
}

announce(await app.listen({ port: 0, host: "127.0.0.1" }));
