import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { readNonce } from "../config.js";
import { editorLook } from "./theme.js";

export interface EditorOptions {
  readonly label: string;
  readonly value: string;
  readonly readOnly?: boolean;
  readonly onChange?: (text: string) => void;
  /** What Ctrl+Enter does. */
  readonly onRun?: () => void;
  /** Language and its tools; read once. */
  readonly extensions: readonly Extension[];
}

/**
 * Keeps a CodeMirror editor in an element. Tab is left to the browser, so that the keyboard can leave the editor.
 */
export function useEditor(options: EditorOptions): {
  host: RefObject<HTMLDivElement | null>;
  view: RefObject<EditorView | null>;
} {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  // The editor outlives many renders: what it calls must be of the latest one.
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    if (host.current === null) return;
    const editor = new EditorView({
      parent: host.current,
      doc: options.value,
      extensions: [
        // Before the default keys, which would put a line feed on Ctrl+Enter.
        keymap.of([{ key: "Mod-Enter", run: () => runLatest(latest.current) }]),
        ...common(options),
        ...options.extensions,
        EditorView.updateListener.of((update) => {
          if (update.docChanged) latest.current.onChange?.(update.state.doc.toString());
        }),
      ],
    });
    view.current = editor;
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, []);

  // With the render itself, not after it: a later moment could see text typed since, and take it back.
  useLayoutEffect(() => {
    const editor = view.current;
    if (editor === null || editor.state.doc.toString() === options.value) return;
    editor.dispatch({
      changes: { from: 0, to: editor.state.doc.length, insert: options.value },
      selection: { anchor: 0 },
      scrollIntoView: true,
    });
  }, [options.value]);

  return { host, view };
}

function runLatest(options: EditorOptions): boolean {
  options.onRun?.();
  return options.onRun !== undefined;
}

function common(options: EditorOptions): Extension[] {
  const writing = [
    history(),
    indentOnInput(),
    closeBrackets(),
    keymap.of([...closeBracketsKeymap, ...historyKeymap, ...completionKeymap]),
  ];
  return [
    EditorView.cspNonce.of(readNonce(document)),
    EditorView.contentAttributes.of({ "aria-label": options.label }),
    EditorView.lineWrapping,
    editorLook,
    drawSelection(),
    bracketMatching(),
    codeFolding(),
    foldGutter({ openText: "▾", closedText: "▸" }),
    keymap.of([...foldKeymap, ...defaultKeymap]),
    options.readOnly ? [EditorState.readOnly.of(true)] : writing,
  ];
}
