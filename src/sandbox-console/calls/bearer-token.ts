/**
 * The claims of the token in an `Authorization` header, as indented JSON. Undefined when the header holds no readable
 * JWT.
 */
export function readClaims(authorization: string | undefined): string | undefined {
  const [, payload] = /^Bearer [\w-]+\.([\w-]+)\./i.exec(authorization ?? "") ?? [];
  if (payload === undefined) return undefined;
  try {
    const bytes = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
      character.charCodeAt(0),
    );
    return JSON.stringify(JSON.parse(new TextDecoder().decode(bytes)), null, 2);
  } catch {
    return undefined;
  }
}
