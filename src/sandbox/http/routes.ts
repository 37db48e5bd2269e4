import type { Route } from "./host.js";
import type { RequestHandler, Service } from "./service.js";

/** A path prefix of the gateway and the path of the service that it stands for. */
export interface GatewayRoute {
  readonly prefix: string;
  readonly target: { readonly service: Service } | { readonly control: RequestHandler };
  readonly base: string;
}

/** All requests go to one service, unchanged. */
export function routeAllTo(service: Service): Route {
  return (path) => ({ service, path });
}

/** Requests go to the service of their prefix, which sees its own base path instead of the prefix. */
export function routeByPrefix(routes: readonly GatewayRoute[]): Route {
  return (path) => {
    for (const { prefix, target, base } of routes) {
      const rest = path.slice(prefix.length);
      if (path.startsWith(prefix) && /^([/?]|$)/.test(rest)) return { ...target, path: `${base}${rest}` };
    }
    return undefined;
  };
}
