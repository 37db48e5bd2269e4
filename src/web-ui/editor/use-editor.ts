import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput } from "@codemirror/language";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { readNonce } from "../nonce.js";
import { editorTheme } from "./theme.js";

export interface EditorOptions {
  readonly label: string;
  readonly value: string;
  readonly readOnly?: boolean;
  readonly onChange?: (text: string) => void;
  /** Called on Ctrl+Enter (Cmd+Enter on a Mac). */
  readonly onRun?: () => void;
  /** The language and its tools. Read once, when the editor is created. */
  readonly extensions: readonly Extension[];
}

/**
 * Mounts a CodeMirror editor in an element. The Tab key is left to the browser, so that a keyboard user can leave
 * the editor.
 */
export function useEditor(options: EditorOptions): {
  host: RefObject<HTMLDivElement | null>;
  view: RefObject<EditorView | null>;
} {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  // The editor lives through many renders and must call the callbacks of the latest one.
  const latest = useRef(options);
  latest.current = options;
  useEffect(() => {
    if (host.current === null) return;
    const editor = new EditorView({
      parent: host.current,
      doc: options.value,
      extensions: [
        // Must come before the default key bindings, which insert a line break on Ctrl+Enter.
        keymap.of([{ key: "Mod-Enter", run: () => runLatest(latest.current) }]),
        ...commonExtensions(options),
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

  // A layout effect runs with the render. A later effect could overwrite text typed in the meantime.
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

function commonExtensions(options: EditorOptions): Extension[] {
  const editing = [
    history(),
    indentOnInput(),
    closeBrackets(),
    keymap.of([...closeBracketsKeymap, ...historyKeymap, ...completionKeymap]),
  ];
  return [
    EditorView.cspNonce.of(readNonce(document)),
    // The tab index says to accessibility checkers that the scrolling text can have the focus.
    EditorView.contentAttributes.of({ "aria-label": options.label, tabindex: "0" }),
    EditorView.lineWrapping,
    editorTheme,
    drawSelection(),
    bracketMatching(),
    codeFolding(),
    foldGutter({ openText: "▾", closedText: "▸" }),
    keymap.of([...foldKeymap, ...defaultKeymap]),
    options.readOnly ? [EditorState.readOnly.of(true)] : editing,
  ];
}
