import {
  HttpClient,
  HttpFailure,
  type HttpRequest,
  type HttpResponse,
} from "../../../src/platform/http/http-client.js";
import type { Answer } from "./mutate.js";

/** The real client's door without a wire: every request is given the document in hand. */
export class StubHttp extends HttpClient {
  /** What was sent since {@link answerWith}. */
  readonly sent: HttpRequest[] = [];
  #answer: Answer | HttpFailure = new HttpFailure("refused");

  answerWith(answer: Answer | HttpFailure): void {
    this.#answer = answer;
    this.sent.length = 0;
  }

  override async request(request: HttpRequest): Promise<HttpResponse> {
    this.sent.push(request);
    if (this.#answer instanceof HttpFailure) throw this.#answer;
    return this.#answer;
  }
}

/** Sends for real, and keeps what came back: how the seeds are taken from the sandbox. */
export class RecordingHttp extends HttpClient {
  readonly answers: HttpResponse[] = [];

  override async request(request: HttpRequest): Promise<HttpResponse> {
    const answer = await super.request(request);
    this.answers.push(answer);
    return answer;
  }

  /** What came back since the last time. */
  take(): HttpResponse[] {
    return this.answers.splice(0);
  }
}
