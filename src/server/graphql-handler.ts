import { type GraphQLRequest, HeaderMap } from "@apollo/server";
import { fastifyApolloHandler } from "@as-integrations/fastify";
import type { FastifyReply, FastifyRequest, RouteHandlerMethod } from "fastify";
import { LRUCache } from "lru-cache";
import type { GraphqlServer } from "./create-apollo.js";
import { JSON_TYPE, type ResponseType, toResponseType } from "./plugins/response-type.js";
import type { ServerContext } from "./server-context.js";

type CreateContext = (request: FastifyRequest, reply: FastifyReply) => Promise<ServerContext>;

/** A name or an address, perhaps with a port (RFC 9110, section 7.2). */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?$/i;
const JSON_BODY = /^application\/json(; ?charset=utf-8)?$/i;
/** Requests with this header are priced and not executed. */
const COST_ONLY = "spine-cost-only";
const MAX_ACCEPT_HEADERS = 100;

/**
 * Handles requests of the GraphQL path. An ordinary request by `POST` for a known query goes straight to its execution. Any
 * other, and whatever is to be refused, goes to the server library.
 */
export function createGraphqlHandler(
  { apollo, runner }: GraphqlServer,
  createContext: CreateContext,
): RouteHandlerMethod {
  /** Of requests that were begun here, and are passed on. */
  const contexts = new WeakMap<FastifyRequest, Promise<ServerContext>>();
  const passOn = fastifyApolloHandler(apollo, {
    context: async (request, reply) => contexts.get(request) ?? createContext(request, reply),
  });
  if (runner === undefined) return passOn;
  const toMediaType = createMediaTypes();
  return async function handle(request, reply) {
    const type = toMediaType(request.headers.accept);
    const graphqlRequest = type && toGraphqlRequest(request);
    const known = graphqlRequest && runner.find(graphqlRequest);
    if (type === undefined || known === undefined) return passOn.call(this, request, reply);
    const context = createContext(request, reply);
    const response = await runner.run(known, context);
    if (response === undefined) {
      contexts.set(request, context);
      return passOn.call(this, request, reply);
    }
    const { http, text } = response;
    void reply.code(http.status ?? 200).header("content-type", type);
    for (const [name, value] of http.headers) void reply.header(name, value);
    return text;
  };
}

/** Undefined for a request that is not the usual one: the server library says what is wrong with it, if anything is. */
function toGraphqlRequest({ method, headers, body }: FastifyRequest): GraphQLRequest | undefined {
  // Of a content type that a page of another origin can only send after a preflight.
  if (method !== "POST" || !HOST.test(headers.host ?? "")) return undefined;
  if (!JSON_BODY.test(headers["content-type"] ?? "")) return undefined;
  if (headers[COST_ONLY] !== undefined || !isRecord(body)) return undefined;
  const { query, variables, operationName, extensions } = body;
  if (typeof query !== "string") return undefined;
  if (variables != null && !isRecord(variables)) return undefined;
  if (operationName != null && typeof operationName !== "string") return undefined;
  if (extensions != null && (!isRecord(extensions) || extensions.persistedQuery != null)) return undefined;
  const accept: [string, string][] = headers.accept === undefined ? [] : [["accept", headers.accept]];
  return {
    query,
    ...(variables != null && { variables }),
    ...(operationName != null && { operationName }),
    http: { method, headers: new HeaderMap(accept), search: "", body },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The media type of the response to an `Accept` header. Clients have few of them. */
function createMediaTypes(): (accept: string | undefined) => ResponseType | undefined {
  const types = new LRUCache<string, { readonly type: ResponseType | undefined }>({
    max: MAX_ACCEPT_HEADERS,
  });
  return (accept) => {
    if (accept === undefined) return JSON_TYPE;
    const known = types.get(accept) ?? { type: toResponseType(accept) };
    types.set(accept, known);
    return known.type;
  };
}
