import type { CallContext } from "../../call-context.js";
import { AccessTokens, type IssueToken } from "./access-tokens.js";
import { readIdToken } from "./id-token.js";
import { requestToken, type TokenEndpointOptions } from "./request-token.js";

/** The credentials of one request to PDS. */
export interface PdsCredentials {
  readonly headers: Readonly<Record<string, string>>;
  /** Call this when PDS refused them: the next credentials are then fetched again. */
  drop(): void;
}

/**
 * How we authenticate to PDS. The mode is a property of the token and decides what is permitted (PDS notes, section 2). In
 * mode `application`, which is not for a health worker's screen, a search finds one patient or none. In mode `user`, for a
 * person who has signed in, it may find several.
 */
export interface PdsAccess {
  readonly mode: "application" | "user";
  /**
   * Fetches a token when there is none.
   *
   * @throws UpstreamError of service PDS when the token endpoint issues none.
   * @throws UnauthenticatedError in user mode, when the caller sent no usable ID token.
   */
  credentials(context: CallContext): Promise<PdsCredentials>;
}

/** The client's own token has one owner. */
const APPLICATION = "application";

const CLIENT_CREDENTIALS = { grant_type: "client_credentials" };
const TOKEN_EXCHANGE = {
  grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
  subject_token_type: "urn:ietf:params:oauth:token-type:id_token",
};

/** Application-restricted access: a signed JWT for a token that all callers share (PDS notes, 3.2 to 3.6). */
export function createApplicationAccess(options: TokenEndpointOptions): PdsAccess {
  const tokens = new AccessTokens({ clock: options.clock, service: "PDS" });
  const issue: IssueToken = (context) => requestToken(options, CLIENT_CREDENTIALS, context);
  return {
    mode: "application",
    // The gateway removes a session's role in this mode, so none is sent.
    credentials: (context) => credentials(tokens, APPLICATION, context, issue),
  };
}

/** User-restricted access by the separate pattern: each caller's ID token is exchanged (PDS notes, 3.7). */
export function createUserAccess(options: TokenEndpointOptions): PdsAccess {
  const tokens = new AccessTokens({ clock: options.clock, service: "PDS" });
  return {
    mode: "user",
    async credentials(context) {
      const { idToken, owner, notBeyond } = readIdToken(context);
      const issue: IssueToken = async (asking) => {
        const grant = { ...TOKEN_EXCHANGE, subject_token: idToken.reveal() };
        return { ...(await requestToken(options, grant, asking)), notBeyond };
      };
      return credentials(tokens, owner, context, issue, sessionRole(context));
    },
  };
}

async function credentials(
  tokens: AccessTokens,
  owner: string,
  context: CallContext,
  issue: IssueToken,
  further: Readonly<Record<string, string>> = {},
): Promise<PdsCredentials> {
  const token = await tokens.get(owner, context, issue);
  return {
    headers: { Authorization: `Bearer ${token.reveal()}`, ...further },
    drop: () => tokens.drop(owner, token),
  };
}

/** The role of a person who has several. PDS accepts digits only (PDS notes, section 4). */
function sessionRole({ caller }: CallContext): Record<string, string> {
  const { sdsRoleProfileId = "" } = caller.person;
  return /^[0-9]+$/.test(sdsRoleProfileId) ? { "NHSD-Session-URID": sdsRoleProfileId } : {};
}
