import type { AccreditedSystem, MessageHandler } from "./directory.js";
import { SDS_SYSTEMS } from "./sds-query.js";

const EXTENSION = "https://fhir.nhs.uk/StructureDefinition/Extension-SDS-";

/** The R4 Device of an accredited system (SDS notes, section 9.5). */
export function deviceResource(system: AccreditedSystem, id: string): object {
  return {
    resourceType: "Device",
    id,
    identifier: [
      { system: "https://fhir.nhs.uk/Id/nhsSpineASID", value: system.asid },
      { system: SDS_SYSTEMS.partyKey, value: system.partyKey },
    ],
    extension: [
      reference("ManufacturingOrganisation", SDS_SYSTEMS.odsCode, system.manufacturer),
      ...system.interactions.map(interactionExtension),
    ],
    owner: { identifier: { system: SDS_SYSTEMS.odsCode, value: system.odsCode } },
  };
}

/** The R4 Endpoint of a message handler. The identifiers have no defined order and none is an ASID. */
export function endpointResource(handler: MessageHandler, id: string): object {
  return {
    resourceType: "Endpoint",
    id,
    status: "active",
    connectionType: {
      system: "http://terminology.hl7.org/CodeSystem/endpoint-connection-type",
      code: "hl7-fhir-msg",
      display: "HL7 FHIR Messaging",
    },
    payloadType: [
      {
        coding: [
          {
            system: "http://terminology.hl7.org/CodeSystem/endpoint-payload-type",
            code: "any",
            display: "Any",
          },
        ],
      },
    ],
    address: handler.address,
    managingOrganization: { identifier: { system: SDS_SYSTEMS.odsCode, value: handler.odsCode } },
    identifier: [
      { system: "https://fhir.nhs.uk/Id/nhsMhsFQDN", value: "127.0.0.1" },
      { system: SDS_SYSTEMS.partyKey, value: handler.partyKey },
      { system: "https://fhir.nhs.uk/Id/nhsMhsCPAId", value: handler.id },
      { system: "https://fhir.nhs.uk/Id/nhsMHSId", value: handler.id },
    ],
    extension: [
      {
        url: `${EXTENSION}ReliabilityConfiguration`,
        extension: [
          { url: "nhsMHSSyncReplyMode", valueString: "None" },
          { url: "nhsMHSRetries", valueInteger: 0 },
        ],
      },
      interactionExtension(handler.interaction),
    ],
  };
}

function interactionExtension(interaction: string): object {
  return reference("NhsServiceInteractionId", SDS_SYSTEMS.interaction, interaction);
}

function reference(name: string, system: string, value: string): object {
  return { url: `${EXTENSION}${name}`, valueReference: { identifier: { system, value } } };
}
