import { withCallBudget } from "../../src/platform/resilience/call-budget.js";
import type { OutboundCall, ResiliencePipeline } from "../../src/platform/resilience/index.js";

const passThrough: ResiliencePipeline = { run: (_call, attempt) => attempt() };
const call = (purpose: OutboundCall["purpose"]) => ({ purpose }) as OutboundCall;

test("a call budget sends as many reads as it has, and refuses the next without sending it", async () => {
  const pipeline = withCallBudget(passThrough, 2);
  let sent = 0;
  const read = () => pipeline.run(call("read"), async () => ++sent);

  await Promise.all([read(), read()]);

  await expect(read()).rejects.toMatchObject({ code: "BAD_USER_INPUT", reason: "QUERY_TOO_COSTLY" });
  expect(sent).toBe(2);
});

test("a call budget that is spent still sends a write, whose journey must be able to end", async () => {
  const pipeline = withCallBudget(passThrough, 1);
  await pipeline.run(call("read"), async () => "read");

  expect(await pipeline.run(call("write"), async () => "written")).toBe("written");
});
