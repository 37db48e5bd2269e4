import {
  HttpClient,
  HttpFailure,
  type HttpRequest,
  type HttpResponse,
} from "../../../src/platform/http/http-client.js";
import type { StubResponse } from "./mutate.js";

/** An HTTP client without a network: every request gets the given response. */
export class StubHttp extends HttpClient {
  /** What was sent since {@link respondWith}. */
  readonly sent: HttpRequest[] = [];
  #response: StubResponse | HttpFailure = new HttpFailure("refused");

  respondWith(response: StubResponse | HttpFailure): void {
    this.#response = response;
    this.sent.length = 0;
  }

  override async request(request: HttpRequest): Promise<HttpResponse> {
    this.sent.push(request);
    if (this.#response instanceof HttpFailure) throw this.#response;
    return this.#response;
  }
}

/** Sends real requests and keeps the responses, from which the seeds are made. */
export class RecordingHttp extends HttpClient {
  readonly responses: HttpResponse[] = [];

  override async request(request: HttpRequest): Promise<HttpResponse> {
    const response = await super.request(request);
    this.responses.push(response);
    return response;
  }

  /** The responses since the last call. */
  take(): HttpResponse[] {
    return this.responses.splice(0);
  }
}
