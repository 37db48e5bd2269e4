/** The DSTU2 Conformance resource of V&M. As published, it describes another search than the normative text. */
export const VM_CONFORMANCE: object = {
  resourceType: "Conformance",
  version: "1.0",
  name: "Spine Visitors and Migrants API",
  status: "draft",
  experimental: true,
  date: "2016-12-19",
  kind: "instance",
  fhirVersion: "1.0.1",
  acceptUnknown: "no",
  format: ["application/json+fhir"],
  rest: [
    {
      mode: "server",
      security: { cors: true },
      resource: [
        {
          type: "Patient",
          interaction: [{ code: "search-type" }],
          versioning: "versioned",
          readHistory: false,
          searchParam: [{ name: "identifier", type: "token" }],
        },
      ],
    },
  ],
};
