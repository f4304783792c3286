/** The parts of a JSON Schema that the documentation shows. */
export interface SchemaNode {
  type?: string | string[];
  title?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  items?: SchemaNode | SchemaNode[];
  properties?: Record<string, SchemaNode>;
  patternProperties?: Record<string, SchemaNode>;
  additionalProperties?: boolean | SchemaNode;
  required?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
}

/** What a value may be, in words: `whole number, 1 to 64`, `"a" or "b"`, `list of ...`. */
export function describeType(schema: SchemaNode): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(code).join(' or ');
  if (Array.isArray(schema.type)) {
    return [...schema.type.map((type) => describeType({ ...schema, type }))].join(' or ');
  }
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches !== undefined) return branches.map(describeType).join(' or ');
  switch (schema.type) {
    case 'integer':
      return `whole number${range(schema)}`;
    case 'number':
      return `number${range(schema)}`;
    case 'string':
      return 'text';
    case 'null':
      return '`null`';
    case 'boolean':
      return '`true` or `false`';
    case 'array':
      return describeArray(schema);
    case undefined:
      return 'any value';
    default:
      return describeObject(schema);
  }
}

function describeObject(schema: SchemaNode): string {
  if (schema.properties !== undefined) return 'object';
  const values = Object.values(schema.patternProperties ?? {})[0] ?? schema.additionalProperties;
  if (typeof values !== 'object') return 'object';
  return `object of ${describeType(values)} by name`;
}

function describeArray({ items, minItems, maxItems }: SchemaNode): string {
  if (Array.isArray(items)) {
    const parts = items.map(describeType);
    const alike = parts.every((part) => part === parts[0]);
    return alike ? `${items.length} x ${parts[0]}` : `[${parts.join(', ')}]`;
  }
  if (items === undefined) return 'list';
  const one = describeType(items);
  const item = one.includes(' or ') ? `(${one})` : one;
  return minItems !== undefined && minItems === maxItems
    ? `${minItems} x ${item}`
    : `list of ${item}`;
}

function range(schema: SchemaNode): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema;
  const parts = [
    minimum !== undefined ? `>= ${minimum}` : '',
    exclusiveMinimum !== undefined ? `> ${exclusiveMinimum}` : '',
    maximum !== undefined ? `<= ${maximum}` : '',
    exclusiveMaximum !== undefined ? `< ${exclusiveMaximum}` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? '' : ` ${parts.join(', ')}`;
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}
