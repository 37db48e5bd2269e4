/** The addresses among the settings. */
export interface Addresses {
  readonly HOST: string;
  readonly PDS_URL?: string | undefined;
  readonly PDS_TOKEN_URL?: string | undefined;
  readonly SDS_URL?: string | undefined;
  readonly SSP_URL?: string | undefined;
  readonly VM_URL?: string | undefined;
  readonly SPINE_ASID?: string | undefined;
}

/**
 * The addresses that sandbox mode permits (design, section 7). It listens on this machine only, because it does not
 * authenticate callers. It refuses production hosts, and warns of any other address that is not loopback.
 */
export function hostRules(settings: Addresses): { faults: string[]; warnings: string[] } {
  const faults: string[] = [];
  const warnings: string[] = [];
  if (!isLoopback(settings.HOST)) {
    faults.push("HOST must be a loopback address: the sandbox does not authenticate callers");
  }
  for (const name of ["PDS_URL", "PDS_TOKEN_URL", "SDS_URL", "SSP_URL", "VM_URL"] as const) {
    const url = settings[name];
    if (url === undefined) continue;
    const host = new URL(url).hostname;
    if (isProduction(host)) faults.push(`${name} names a production host, which the sandbox must not call`);
    else if (!isLoopback(host)) warnings.push(`${name} is not on this machine; synthetic data only`);
  }
  const sspHost = settings.SSP_URL && new URL(settings.SSP_URL).hostname;
  if (sspHost && !isLoopback(sspHost) && settings.SDS_URL === undefined) {
    faults.push(
      "SDS_URL is required with a real SSP_URL: the embedded directory knows only embedded practices",
    );
  }
  return { faults, warnings };
}

/** In every mode: `VM_URL` needs the ASID that the directory would otherwise supply. */
export function fixedEndpointFaults(settings: Addresses): string[] {
  if (settings.VM_URL === undefined || settings.SPINE_ASID !== undefined) return [];
  return ["SPINE_ASID is required with VM_URL, since no directory look-up is made"];
}

function isLoopback(host: string): boolean {
  return /^(localhost|127(\.\d{1,3}){3}|\[?::1\]?)$/i.test(host);
}

/** SDS notes, section 3, and PDS notes, section 1.1. The names of test environments have one more label. */
function isProduction(host: string): boolean {
  return /^(api\.service\.nhs\.uk|[^.]+\.national\.ncrs\.nhs\.uk|[^.]+\.spineservices\.nhs\.uk)$/i.test(host);
}
