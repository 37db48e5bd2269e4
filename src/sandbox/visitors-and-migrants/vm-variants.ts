/** The variants of V&M where its specification contradicts itself (V&M notes, section 9). */
export interface VmVariants {
  /** An OperationOutcome in a Bundle instead of a bare one. */
  readonly errorsInBundle?: boolean;
  /** The parameter `identifier` without `code`, as in the published code samples, instead of the normative request. */
  readonly identifierParameter?: boolean;
  /** Also knows 9900002831 of the published examples, whose check digit is wrong. */
  readonly publishedPatient?: boolean;
}
