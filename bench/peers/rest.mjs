import { bookAppointment } from "./common/bookings.mjs";
import { fetchChargeableStatus } from "./common/chargeable-status.mjs";
import { announce, createApp, sessionOf } from "./common/listen.mjs";
import { loadPatient } from "./common/patients.mjs";
import { loadCapabilities, loadName } from "./common/practices.mjs";
import { RequestContext } from "./common/request-context.mjs";
import * as schemas from "./common/rest-schemas.mjs";
import { freeSlots } from "./common/slots.mjs";

/**
 * A hand-written service: one route for each thing that a screen needs, responses serialised by their schema. It shows
 * what the work itself costs without GraphQL.
 */
const app = createApp();

route("/patient", schemas.patient, (context, { nhsNumber }) => loadPatient(context, nhsNumber));

route("/patients", schemas.patients, (context, { nhsNumbers }) =>
  Promise.all(nhsNumbers.map((nhsNumber) => loadPatient(context, nhsNumber))),
);

route("/card", schemas.card, async (context, { nhsNumber, first }) => {
  const patient = await loadPatient(context, nhsNumber);
  if (patient === null) return null;
  const { name, practiceCode } = patient;
  const [chargeableStatus, practice] = await Promise.all([
    fetchChargeableStatus(context, patient.nhsNumber),
    practiceCode === undefined ? null : wholePractice(context, practiceCode, first),
  ]);
  return { nhsNumber: patient.nhsNumber, name, chargeableStatus, practice };
});

route("/practices", schemas.practices, (context, { odsCodes, first }) =>
  Promise.all(
    odsCodes.map(async (odsCode) => ({ odsCode, freeSlots: await freeSlots(context, odsCode, first) })),
  ),
);

route("/bookings", schemas.booking, bookAppointment);

async function wholePractice(context, odsCode, first) {
  const [name, capabilities, slots] = await Promise.all([
    loadName(context, odsCode),
    loadCapabilities(context, odsCode),
    freeSlots(context, odsCode, first),
  ]);
  return { odsCode, name, capabilities, freeSlots: slots };
}

function route(url, schema, handle) {
  app.post(url, { schema: { response: { 200: schema } } }, async (request) => {
    const context = new RequestContext(sessionOf(request.headers));
    try {
      return await handle(context, request.body);
    } finally {
      // The audit is written before the response leaves.
      await context.finish();
    }
  });
}

announce(await app.listen({ port: 0, host: "127.0.0.1" }));
