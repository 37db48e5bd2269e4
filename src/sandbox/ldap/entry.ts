/** An entry of the directory. The attributes have the server's own spelling and at least one value each. */
export interface LdapEntry {
  readonly dn: string;
  readonly attributes: Readonly<Record<string, readonly string[]>>;
}
