import { timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { OdsCode } from "../../domain/ods-code.js";
import { createHasher, type Hmac } from "../crypto/hmac.js";
import type { Keyrings } from "../crypto/keyring.js";

/** Everything that a booking needs of a slot, so that no second search is necessary. Nothing about any patient. */
export interface SlotReference {
  readonly odsCode: OdsCode;
  readonly slotId: string;
  readonly scheduleId: string;
  readonly start: string;
  readonly end: string;
  readonly deliveryChannel?: string | undefined;
  readonly serviceType?: string | undefined;
  readonly locationId: string;
  readonly practitionerId?: string | undefined;
  /** The organisation type of the search. The booking must send the same one, or none if the search had none. */
  readonly organisationType?: string | undefined;
  /** Logical id at the practice of the service that the schedule belongs to (GP Connect 1.2.8). */
  readonly healthcareServiceId?: string | undefined;
}

const text = z.string();
const optional = z.string().nullable();
const TEN_PARTS = [text, text, text, text, text, optional, optional, text, optional, optional] as const;
// Ids without a service have ten parts, as before services were added.
const PARTS = z.tuple([...TEN_PARTS, text.optional()]);

const VERSION = "s1";
/** Base64url characters of 16 bytes. The last of them has two bits. */
const SIGNATURE_LENGTH = 22;
const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** Creates and reads slot ids: `s1.<content>.<signature>`. */
export interface SlotIds {
  encode(slot: SlotReference): string;
  /** @returns undefined for an id that we did not create, or that was changed. */
  decode(id: string): SlotReference | undefined;
}

/** @param keyrings the first signs; ids signed by any of them are accepted. */
export function createSlotIds(...keyrings: Keyrings): SlotIds {
  const [key, ...olderKeys] = keyrings.map((keyring) => createHasher(keyring.derive("slot ids")));
  if (key === undefined) throw new TypeError("slot ids need a key");
  const signWith = (secret: Hmac, content: string) =>
    firstSixteenBytes(secret.base64url(`${VERSION}.${content}`));
  const isOurs = (content: string, signature: string) => {
    const given = Buffer.from(signature, "latin1");
    return [key, ...olderKeys].some((secret) =>
      timingSafeEqual(given, Buffer.from(signWith(secret, content), "latin1")),
    );
  };
  return {
    encode(slot) {
      const parts = [
        slot.odsCode,
        slot.slotId,
        slot.scheduleId,
        slot.start,
        slot.end,
        slot.deliveryChannel ?? null,
        slot.serviceType ?? null,
        slot.locationId,
        slot.practitionerId ?? null,
        slot.organisationType ?? null,
        ...(slot.healthcareServiceId === undefined ? [] : [slot.healthcareServiceId]),
      ];
      const content = Buffer.from(JSON.stringify(parts)).toString("base64url");
      return `${VERSION}.${content}.${signWith(key, content)}`;
    },
    decode(id) {
      const match = /^s1\.([\w-]+)\.([\w-]{22})$/.exec(id);
      if (!match?.[1] || !match[2]) return undefined;
      if (!isOurs(match[1], match[2])) return undefined;
      // We signed it, so the content is what encode() wrote.
      const [
        odsCode,
        slotId,
        scheduleId,
        start,
        end,
        channel,
        type,
        locationId,
        practitionerId,
        organisationType,
        healthcareServiceId,
      ] = PARTS.parse(JSON.parse(Buffer.from(match[1], "base64url").toString("utf8")));
      return {
        odsCode: odsCode as OdsCode,
        slotId,
        scheduleId,
        start,
        end,
        deliveryChannel: channel ?? undefined,
        serviceType: type ?? undefined,
        locationId,
        practitionerId: practitionerId ?? undefined,
        organisationType: organisationType ?? undefined,
        ...(healthcareServiceId !== undefined && { healthcareServiceId }),
      };
    },
  };
}

/** Cuts base64url text of at least 17 bytes to that of its first 16. A buffer for it would cost as much as the hash. */
function firstSixteenBytes(text: string): string {
  const last = BASE64URL.indexOf(text.charAt(SIGNATURE_LENGTH - 1)) & 0b110000;
  return text.slice(0, SIGNATURE_LENGTH - 1) + BASE64URL.charAt(last);
}
