/** A component of a bill of materials, as far as it is used here. */
export interface Component {
  readonly type: string;
  readonly 'bom-ref': string;
  readonly name: string;
  readonly version?: string;
  readonly purl?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses?: readonly unknown[];
}

/** A licence as packages state it: an SPDX expression, or else whatever they say. */
export function licencesOf(licence: string): readonly unknown[] {
  const isExpression = /^\(*[A-Za-z0-9.+-]+\)*( (AND|OR|WITH) \(*[A-Za-z0-9.+-]+\)*)*$/.test(
    licence,
  );
  return isExpression ? [{ expression: licence }] : [{ license: { name: licence } }];
}
