import {
  buildClientSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
} from "graphql";
import { useEffect, useState } from "preact/hooks";
import { requestHeaders, sendRequest } from "./request.js";
import { parseObject } from "./variables.js";

const INTROSPECTION = {
  query: getIntrospectionQuery({ inputValueDeprecation: true }),
  operationName: "IntrospectionQuery",
  variables: {},
};

/** Fetches the schema when the page opens, and again on request, for example after a token was entered. */
export function useSchema(path: string, session: string, headers: string) {
  const [schema, setSchema] = useState<GraphQLSchema | null>(null);
  const [schemaError, setSchemaError] = useState("");

  async function fetchSchema(): Promise<void> {
    setSchemaError("");
    try {
      const allHeaders = requestHeaders(session, parseObject(headers, "Headers"));
      const { response } = await sendRequest(path, INTROSPECTION, allHeaders);
      if (!response.data) throw new Error(response.errors?.[0]?.message ?? "The response has no schema.");
      setSchema(buildClientSchema(response.data as IntrospectionQuery));
    } catch (error) {
      setSchemaError((error as Error).message);
    }
  }
  useEffect(() => void fetchSchema(), []);
  return { schema, schemaError, reload: () => void fetchSchema() };
}
