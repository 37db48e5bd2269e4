import { autocompletion } from "@codemirror/autocomplete";
import { graphql, updateSchema } from "cm6-graphql";
import type { GraphQLSchema } from "graphql";
import { useEffect, useRef } from "preact/hooks";
import { useEditor } from "../web-ui/editor/use-editor.js";

interface Props {
  readonly value: string;
  readonly schema: GraphQLSchema | null;
  readonly onChange: (text: string) => void;
  readonly onRun: () => void;
  /** Called on a click on a name with Ctrl or Cmd held. */
  readonly onShowInDocs: (type: string, field?: string) => void;
}

/** The query editor. Completion, validation and the link to the documentation use the schema. */
export function GraphqlEditor({ value, schema, onChange, onRun, onShowInDocs }: Props) {
  const showInDocs = useRef(onShowInDocs);
  showInDocs.current = onShowInDocs;
  const { host, view } = useEditor({
    label: "Query",
    value,
    onChange,
    onRun,
    extensions: [
      graphql(undefined, {
        onShowInDocs: (field, type, parent) => {
          if (parent !== undefined) showInDocs.current(parent, field);
          else if (type !== undefined) showInDocs.current(type.replace(/[[\]!]/g, ""));
        },
      }),
      autocompletion(),
    ],
  });
  useEffect(() => {
    if (view.current !== null && schema !== null) updateSchema(view.current, schema);
  }, [schema]);
  return <div class="editor" ref={host} />;
}
