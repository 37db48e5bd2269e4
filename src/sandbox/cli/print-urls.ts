import type { SandboxUrls } from "../sandbox-options.js";
import type { OutputFormat } from "./arguments.js";

/** The URLs of a sandbox for the user or for a program. */
export function printUrls(urls: SandboxUrls, format: OutputFormat): string {
  if (format === "json") return `${JSON.stringify({ ...urls, control: controlUrl(urls) })}\n`;
  return format === "env" ? asEnvironment(urls) : asText(urls);
}

/** `export` lines for a shell. The URLs hold no quotes. */
function asEnvironment(urls: SandboxUrls): string {
  const variables = {
    SANDBOX_URL: urls.gateway,
    PDS_URL: urls.pds,
    PDS_TOKEN_URL: urls.pdsToken,
    SDS_URL: urls.sds,
    SANDBOX_LDAP_URL: urls.ldap,
    SSP_URL: urls.ssp,
    SANDBOX_VM_URL: urls.vm,
    SANDBOX_CONTROL_URL: controlUrl(urls),
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}='${value}'\n`)
    .join("");
}

function asText(urls: SandboxUrls): string {
  return `
The Spine sandbox is ready. All data is synthetic.

  Service             On the gateway                On its own port
  PDS                 ${urls.gateway}/pds     ${urls.pds}
  PDS tokens          ${urls.gateway}/token   ${urls.pdsToken}
  SDS                 ${urls.gateway}/sds     ${urls.sds}
  SDS by LDAP                                       ${urls.ldap}
  SSP                 ${urls.gateway}/ssp     ${urls.ssp}
  Visitors & Migrants ${urls.gateway}/vm      ${urls.vm}
  Practices           through SSP only              ${urls.practices}
  Control             ${controlUrl(urls)}
  Console             ${urls.gateway}/          (open it in a browser)

Try it:

  curl -s ${urls.gateway}/pds/Patient/9000000009 -H "x-request-id: 0b5f3cbe-54c6-4f8f-9d2a-6a8f4c1f9f10"

Ctrl-C stops it. See docs/sandbox.md.
`;
}

function controlUrl({ gateway }: SandboxUrls): string {
  return `${gateway}/__sandbox`;
}
