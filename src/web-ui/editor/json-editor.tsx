import { autocompletion, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import { linter } from "@codemirror/lint";
import { EditorView } from "@codemirror/view";
import { useRef } from "preact/hooks";
import { useEditor } from "./use-editor.js";

interface Props {
  readonly label: string;
  readonly value: string;
  /** Keys offered by completion. */
  readonly keys: readonly string[];
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
}

/** An editor for a JSON object, such as variables or headers. */
export function JsonEditor({ label, value, keys, onChange, onRun }: Props) {
  const latestKeys = useRef(keys);
  latestKeys.current = keys;
  const { host } = useEditor({
    label,
    value,
    onChange,
    onRun,
    extensions: [
      json(),
      linter((view) => (view.state.doc.toString().trim() === "" ? [] : jsonParseLinter()(view))),
      autocompletion({ override: [(context) => completeKeys(context, latestKeys.current)] }),
    ],
  });
  return <div class="editor" ref={host} />;
}

function completeKeys(context: CompletionContext, keys: readonly string[]): CompletionResult | null {
  const word = context.matchBefore(/[{,]\s*"?\w*/);
  if (word === null || keys.length === 0) return null;
  const typed = /"?\w*$/.exec(word.text)?.[0] ?? "";
  if (typed === "" && !context.explicit) return null;
  return {
    from: word.to - typed.length,
    // Reuse a closing quotation mark that the editor has inserted.
    options: keys.map((key) => ({
      label: `"${key}"`,
      type: "property",
      apply: (view, completion, from, to) => {
        const end = view.state.sliceDoc(to, to + 1) === '"' ? to + 1 : to;
        view.dispatch({
          changes: { from, to: end, insert: `${completion.label}: ` },
          selection: { anchor: from + completion.label.length + 2 },
        });
      },
    })),
  };
}

/** JSON that can be folded, searched and selected, but not edited. */
export function JsonViewer({ label, value }: { readonly label: string; readonly value: string }) {
  const { host } = useEditor({
    label,
    value,
    readOnly: true,
    // Keep the viewer focusable, but do not open the keyboard of a phone.
    extensions: [json(), EditorView.contentAttributes.of({ inputmode: "none" })],
  });
  return <div class="editor" ref={host} />;
}
