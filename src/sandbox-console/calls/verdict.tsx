import type { JournalEntry, Rule } from "../api/journal-entry.js";
import { describeKind } from "../faults/fault-words.js";
import { outcomeOf } from "./call-words.js";

interface Props {
  readonly entry: JournalEntry;
  /** The other half of a call through the proxy. */
  readonly related: JournalEntry | null;
  readonly rules: readonly Rule[];
}

/** What was wrong and right in a call, and what it would have needed. */
export function Verdict({ entry, related, rules }: Props) {
  const outcome = outcomeOf(entry);
  return (
    <>
      {entry.fault !== undefined && (
        <p class="verdict verdict-fault">
          A fault applied to this call: {describeKind(entry.fault)}. The request itself may be right.
        </p>
      )}
      {outcome === "accepted" && <p class="verdict verdict-ok">The service accepted the request.</p>}
      {outcome === "pending" && <p class="verdict">The service has not responded yet.</p>}
      {outcome === "none" && entry.fault === undefined && (
        <p class="verdict verdict-fault">The connection ended before there was a response.</p>
      )}
      {outcome === "refused" && <Refusal entry={entry} related={related} rules={rules} />}
      <RuleList title="What was right" ids={entry.rules?.passed ?? []} rules={rules} />
    </>
  );
}

function Refusal({ entry, related, rules }: Props) {
  // The proxy passes the refusal of a practice on without reading it. A fault has no reason to look for.
  const practice = related?.service === "PRACTICE" && related.status === entry.status ? related : null;
  const refused = entry.refusal === undefined ? (practice ?? entry) : entry;
  const { refusal, nearMiss } = refused;
  if (entry.fault !== undefined && refusal === undefined) return null;
  return (
    <>
      <h3>What was wrong</h3>
      <ul class="findings findings-broken">
        <li>
          {refusal?.code !== undefined && <code>{refusal.code}</code>}{" "}
          {refusal?.diagnostics ?? `Status ${entry.status} without a reason.`}
          {refused !== entry && (
            <span class="finding-note">The practice refused it; the proxy passed the refusal on.</span>
          )}
        </li>
        {refused.rules?.broken.map((rule) => (
          <li key={rule.id}>
            <code>{rule.id}</code> {rule.sentence}
            <span class="finding-note">{rule.source}</span>
          </li>
        ))}
      </ul>
      {nearMiss !== undefined && (
        <>
          <h3>What it would have needed</h3>
          <ul class="findings">
            <li>{nearMiss.needed}</li>
          </ul>
          <RuleList title="Not judged any more" ids={nearMiss.notJudged} rules={rules} />
        </>
      )}
    </>
  );
}

interface RuleListProps {
  readonly title: string;
  readonly ids: readonly string[];
  readonly rules: readonly Rule[];
}

/** Rules with their sentences, closed at first. */
function RuleList({ title, ids, rules }: RuleListProps) {
  if (ids.length === 0) return null;
  return (
    <details class="rule-list">
      <summary>
        <h3>
          {title} ({ids.length})
        </h3>
      </summary>
      <ul>
        {ids.map((id) => (
          <li key={id}>
            <code>{id}</code> {rules.find((rule) => rule.id === id)?.sentence}
          </li>
        ))}
      </ul>
    </details>
  );
}
