import type {
  ApolloServerPlugin,
  GraphQLRequestContext,
  GraphQLRequestContextDidEncounterErrors,
  GraphQLRequestContextDidResolveOperation,
  GraphQLRequestContextResponseForOperation,
  GraphQLRequestContextWillSendResponse,
  GraphQLResponse,
} from "@apollo/server";
import type { ServerContext } from "../server-context.js";

type Step<C> = (context: C) => void | Promise<void>;

/** What the checks of an operation know of it. */
export type ResolvedOperation = Pick<
  GraphQLRequestContextDidResolveOperation<ServerContext>,
  "contextValue" | "document" | "operation" | "request" | "schema"
>;

/** What is known of an operation when its response is ready. It may have been refused before it was parsed. */
export type EndedOperation = Pick<
  GraphQLRequestContextWillSendResponse<ServerContext>,
  "contextValue" | "errors" | "operation" | "request" | "response" | "source"
>;

/**
 * One concern of the operations, as a plugin of the server library has it. Hooks that have nothing to wait for return
 * nothing: with ten plugins, the promises of the library's hooks would cost more than what they do.
 */
export interface OperationPlugin {
  requestDidStart?(context: GraphQLRequestContext<ServerContext>): void;
  didEncounterErrors?(context: GraphQLRequestContextDidEncounterErrors<ServerContext>): void;
  /** What it throws refuses the operation. */
  didResolveOperation?: Step<ResolvedOperation>;
  /** A response in place of the library's execution; null or undefined to leave it to the next. */
  responseForOperation?(
    context: GraphQLRequestContextResponseForOperation<ServerContext>,
  ): GraphQLResponse | null | undefined | Promise<GraphQLResponse | null>;
  willSendResponse?: Step<EndedOperation>;
}

/** The hooks of all plugins, each run after the one before has ended. */
export interface OperationHooks {
  /** Rejects with what refuses the operation. */
  check(operation: ResolvedOperation): Promise<void>;
  /** Completes the response, and records the operation. */
  end(operation: EndedOperation): Promise<void>;
  /** All hooks as one plugin of the server library. */
  readonly plugin: ApolloServerPlugin<ServerContext>;
}

/** Joins plugins, in their order. */
export function joinPlugins(plugins: readonly OperationPlugin[]): OperationHooks {
  const hooksOf = <H extends keyof OperationPlugin>(name: H) =>
    plugins.flatMap((plugin) =>
      plugin[name] ? [plugin[name].bind(plugin) as NonNullable<OperationPlugin[H]>] : [],
    );
  const [starts, failures] = [hooksOf("requestDidStart"), hooksOf("didEncounterErrors")];
  const [checks, sources] = [hooksOf("didResolveOperation"), hooksOf("responseForOperation")];
  const ends = hooksOf("willSendResponse");
  const check = (operation: ResolvedOperation) => inTurn(checks, operation);
  const end = (operation: EndedOperation) => inTurn(ends, operation);
  const listener: Awaited<ReturnType<NonNullable<ApolloServerPlugin<ServerContext>["requestDidStart"]>>> = {
    async didEncounterErrors(context) {
      for (const hook of failures) hook(context);
    },
    didResolveOperation: check,
    async responseForOperation(context) {
      for (const hook of sources) {
        const response = await hook(context);
        if (response) return response;
      }
      return null;
    },
    willSendResponse: end,
  };
  const plugin: ApolloServerPlugin<ServerContext> = {
    async requestDidStart(context) {
      for (const hook of starts) hook(context);
      return listener;
    },
  };
  return { check, end, plugin };
}

async function inTurn<C>(steps: readonly Step<C>[], context: C): Promise<void> {
  for (const step of steps) {
    const pending = step(context);
    if (pending) await pending;
  }
}
