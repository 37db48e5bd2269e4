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

/**
 * One concern of the operations, as a plugin of the server library has it. Hooks that have nothing to wait for return
 * nothing: with ten plugins, the promises of the library's hooks would cost more than what they do.
 */
export interface OperationPlugin {
  requestDidStart?(context: GraphQLRequestContext<ServerContext>): void;
  didEncounterErrors?(context: GraphQLRequestContextDidEncounterErrors<ServerContext>): void;
  /** What it throws refuses the operation. */
  didResolveOperation?: Step<GraphQLRequestContextDidResolveOperation<ServerContext>>;
  /** A response in place of the library's execution; null or undefined to leave it to the next. */
  responseForOperation?(
    context: GraphQLRequestContextResponseForOperation<ServerContext>,
  ): GraphQLResponse | null | undefined | Promise<GraphQLResponse | null>;
  willSendResponse?: Step<GraphQLRequestContextWillSendResponse<ServerContext>>;
}

/** One plugin of the server library that runs the hooks of all in their order, each after the one before has ended. */
export function toApolloPlugin(plugins: readonly OperationPlugin[]): ApolloServerPlugin<ServerContext> {
  const hooksOf = <H extends keyof OperationPlugin>(name: H) =>
    plugins.flatMap((plugin) =>
      plugin[name] ? [plugin[name].bind(plugin) as NonNullable<OperationPlugin[H]>] : [],
    );
  const [starts, failures] = [hooksOf("requestDidStart"), hooksOf("didEncounterErrors")];
  const [checks, sources] = [hooksOf("didResolveOperation"), hooksOf("responseForOperation")];
  const ends = hooksOf("willSendResponse");
  const listener: Awaited<ReturnType<NonNullable<ApolloServerPlugin<ServerContext>["requestDidStart"]>>> = {
    async didEncounterErrors(context) {
      for (const hook of failures) hook(context);
    },
    didResolveOperation: (context) => inTurn(checks, context),
    async responseForOperation(context) {
      for (const hook of sources) {
        const response = await hook(context);
        if (response) return response;
      }
      return null;
    },
    willSendResponse: (context) => inTurn(ends, context),
  };
  return {
    async requestDidStart(context) {
      for (const hook of starts) hook(context);
      return listener;
    },
  };
}

async function inTurn<C>(steps: readonly Step<C>[], context: C): Promise<void> {
  for (const step of steps) {
    const pending = step(context);
    if (pending) await pending;
  }
}
