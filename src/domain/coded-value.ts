/** A coded value as a source sent it. Lists that providers may extend stay open: an unknown code is passed on, never refused. */
export interface CodedValue {
  readonly system?: string | undefined;
  readonly code?: string | undefined;
  readonly display?: string | undefined;
}
