/** The same environment variables as the product reads, so that the benchmark starts all services alike. */
export const settings = {
  pdsUrl: required("PDS_URL"),
  sdsUrl: required("SDS_URL"),
  sspUrl: required("SSP_URL"),
  auditFile: required("AUDIT_FILE"),
  /** Each request ends within this time. */
  deadlineMs: 20_000,
  /** A patient record is reused this long within one session. */
  patientCacheMs: 120_000,
  sessionMs: 1_800_000,
  /** Spine's own directory entry and capability statements are reused this long by everybody. */
  endpointCacheMs: 600_000,
  capabilitiesCacheMs: 4 * 3_600_000,
  upstreamConnections: 64,
};

function required(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}
