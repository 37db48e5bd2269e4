import {
  buildClientSchema,
  type GraphQLSchema,
  getIntrospectionQuery,
  type IntrospectionQuery,
} from "graphql";
import { useEffect, useState } from "preact/hooks";
import { type DeclaredPrices, hasServiceSdl, parseDeclaredPrices } from "./docs/field-prices.js";
import { requestHeaders, sendRequest } from "./request.js";
import { parseObject } from "./variables.js";

const INTROSPECTION = {
  query: getIntrospectionQuery({ inputValueDeprecation: true }),
  operationName: "IntrospectionQuery",
  variables: {},
};

const SERVICE_SDL = {
  query: "query ServiceSdl { _service { sdl } }",
  operationName: "ServiceSdl",
  variables: {},
};

/** Fetches the schema when the page opens, and again on request, for example after a token was entered. */
export function useSchema(path: string, session: string, headers: string) {
  const [schema, setSchema] = useState<GraphQLSchema | null>(null);
  const [prices, setPrices] = useState<DeclaredPrices | null>(null);
  const [schemaError, setSchemaError] = useState("");

  async function fetchSchema(): Promise<void> {
    setSchemaError("");
    try {
      const allHeaders = requestHeaders(session, parseObject(headers, "Headers"));
      const { response } = await sendRequest(path, INTROSPECTION, allHeaders);
      if (!response.data) throw new Error(response.errors?.[0]?.message ?? "The response has no schema.");
      const fetched = buildClientSchema(response.data as IntrospectionQuery);
      setSchema(fetched);
      if (hasServiceSdl(fetched)) await fetchPrices(allHeaders);
    } catch (error) {
      setSchemaError((error as Error).message);
    }
  }
  async function fetchPrices(headers: Record<string, string>): Promise<void> {
    const { response } = await sendRequest(path, SERVICE_SDL, headers);
    const { data } = response as { data?: { _service?: { sdl?: unknown } } | null };
    const sdl = data?._service?.sdl;
    if (typeof sdl === "string") setPrices(parseDeclaredPrices(sdl));
  }
  useEffect(() => void fetchSchema(), []);
  return { schema, prices, schemaError, reload: () => void fetchSchema() };
}
