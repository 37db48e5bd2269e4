import { Agent, request } from "undici";
import { settings } from "./settings.mjs";

const agent = new Agent({ connections: settings.upstreamConnections });

/** @throws with `status` when the response is not the expected one. */
export class UpstreamFailure extends Error {
  constructor(service, status) {
    super(`${service} could not be used`);
    this.status = status;
  }
}

/**
 * One call to an upstream service within the deadline of the request, with its audit line.
 *
 * @param call `service`, `interaction` and `nhsNumber` go into the audit; the others make the request.
 * @returns the parsed body, or undefined for 404.
 */
export async function callUpstream(context, call) {
  const { service, interaction, nhsNumber, url, headers, method = "GET", body } = call;
  const began = performance.now();
  let status = 0;
  try {
    const response = await request(url, {
      dispatcher: agent,
      method,
      headers,
      body,
      signal: context.signal,
    });
    status = response.statusCode;
    if (status === 404) {
      await response.body.dump();
      return undefined;
    }
    if (status !== 200 && status !== 201) {
      await response.body.dump();
      throw new UpstreamFailure(service, status);
    }
    return await response.body.json();
  } finally {
    context.record(service, interaction, nhsNumber, status, Math.round(performance.now() - began));
  }
}
