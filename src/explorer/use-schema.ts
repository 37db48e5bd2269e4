import {
  buildClientSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
} from "graphql";
import { useEffect, useState } from "preact/hooks";
import { requestHeaders, send } from "./request.js";
import { parseObject } from "./variables.js";

const INTROSPECTION = {
  query: getIntrospectionQuery({ inputValueDeprecation: true }),
  operationName: "IntrospectionQuery",
  variables: {},
};

/** Asks the server for its schema when the page opens, and again on request (say, with a token in the headers). */
export function useSchema(path: string, session: string, headers: string) {
  const [schema, setSchema] = useState<GraphQLSchema | null>(null);
  const [schemaFault, setFault] = useState("");

  async function load(): Promise<void> {
    setFault("");
    try {
      const own = requestHeaders(session, parseObject(headers, "Headers"));
      const { answer } = await send(path, INTROSPECTION, own);
      if (!answer.data) throw new Error(answer.errors?.[0]?.message ?? "The server gave no schema.");
      setSchema(buildClientSchema(answer.data as IntrospectionQuery));
    } catch (error) {
      setFault((error as Error).message);
    }
  }
  useEffect(() => void load(), []);
  return { schema, schemaFault, reload: () => void load() };
}
