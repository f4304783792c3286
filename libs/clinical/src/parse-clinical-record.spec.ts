import { describe, expect, it } from '@jest/globals';
import { Value } from 'typebox/value';
import { CLINICAL_RECORD_SCHEMA, parseClinicalRecord } from './index.ts';

const parse = (text: string) => parseClinicalRecord(text, { file: 'case/ehr.json' });
const EXAMPLE =
  '{"Age": 71, "Gender": 1, "Tobacco Consumption": 0, "Alcohol Consumption": 1, ' +
  '"Performance Status": 0, "Treatment": 1, "M-stage": "M0", "CenterID": 2}';

describe('parseClinicalRecord', () => {
  it("reads the challenge's example without a doubt", () => {
    const { record, warnings } = parse(EXAMPLE);
    expect(warnings).toEqual([]);
    expect(record['Age']).toEqual({ kind: 'number', value: 71, text: '71' });
    expect(record['M-stage']).toEqual({ kind: 'text', text: 'M0' });
    expect(Value.Check(CLINICAL_RECORD_SCHEMA, JSON.parse(EXAMPLE))).toBe(true);
  });

  it.each(['null', '""', '"  "', '"Unknown"', '"N/A"', '"None"'])(
    'takes %s as missing without a doubt',
    (value) => {
      const { record, warnings } = parse(`{"Gender": ${value}}`);
      expect(record['Gender']).toEqual({ kind: 'missing' });
      expect(warnings).toEqual([]);
    },
  );

  it('keeps how a number was written', () => {
    const { record } = parse('{"Gender": 1.0, "Treatment": 1, "Alcohol Consumption": "1.0"}');
    expect(record).toEqual({
      Gender: { kind: 'number', value: 1, text: '1.0' },
      Treatment: { kind: 'number', value: 1, text: '1' },
      'Alcohol Consumption': { kind: 'text', text: '1.0' },
    });
  });

  it('forgives what exporters write, and says so', () => {
    const { warnings } = parse('\uFEFF{"Age": NaN, "Gender": 1,}');
    expect(warnings).toEqual(['NaN was read as a missing value', 'a trailing comma was skipped']);
  });

  it('reports unknown fields, with the one that was probably meant', () => {
    const { warnings } = parse('{"age": 50, "performance_status": 1, "Weight": 80}');
    expect(warnings).toEqual([
      'the field "age" is not known (did you mean "Age"?)',
      'the field "performance_status" is not known (did you mean "Performance Status"?)',
      'the field "Weight" is not known',
    ]);
  });

  it.each([
    ['{"Age": 710}', '"Age" lies outside 10 to 110'],
    ['{"Age": "710"}', '"Age" lies outside 10 to 110'],
    ['{"Performance Status": 7}', '"Performance Status" lies outside 0 to 4'],
    ['{"Gender": -1}', '"Gender" lies outside 0 to 2'],
    ['{"Age": 50, "Age": 60}', 'a field is there twice'],
  ])('doubts %s without quoting the value', (text, doubt) => {
    const { warnings } = parse(text);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(doubt);
    expect(warnings[0]).not.toMatch(/710|60/);
  });

  it('is not misled by texts that look like fields', () => {
    expect(parse('{"M-stage": "M0 \\"Age\\": 5", "Age": 50}').warnings).toEqual([]);
  });

  it.each(['{"M-stage": "a", ":Age": 1}', '{"M-stage": "\\": ", "Age": 50}', '{"M-stage": ":"}'])(
    'sees no field twice in %s',
    (text) => expect(parse(text).warnings.join()).not.toContain('twice'),
  );

  it.each([
    '{"M-stage": "a", ":Age": 1, ":Age": 2}',
    '{"Age" : 50, "\\u0041ge"\n: 60}',
    '{"a": {"b": 1, "b": 2}}',
  ])('sees a field twice in %j', (text) => expect(parse(text).warnings.join()).toContain('twice'));

  it('looks once at each character of a long text', () => {
    // With a quadratic scan this would take an hour, far beyond the test's time limit.
    const text = `{"M-stage": "${'\\"'.repeat(2_000_000)}"}`;
    expect(parse(text).warnings).toEqual([]);
  });

  it.each([
    ['[1]', 'expected an object'],
    ['71', 'expected an object'],
    ['null', 'expected an object'],
    ['"text"', 'expected an object'],
    ['', 'not JSON'],
    ['{"Age": seventy}', 'not JSON'],
    [`{"Age": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`, 'nested too deeply'],
  ])('refuses %.40j', (text, message) => {
    const call = () => parse(text);
    expect(call).toThrow('INPUT_JSON_INVALID');
    expect(call).toThrow('case/ehr.json');
    expect(call).toThrow(message);
  });

  it.each([
    ['{"Age": [71]}', '"Age" is a list and is taken as missing'],
    ['{"Age": {"value": 71}}', '"Age" is an object and is taken as missing'],
    ['{"Age": 1e39}', '"Age" is too large for a network and is taken as missing'],
    ['{"Age": " -1e400 "}', '"Age" is too large for a network and is taken as missing'],
    ['{"Age": " NaN"}', '"Age" is not a number and is taken as missing'],
    ['{"Age": NaN}', 'NaN was read as a missing value'],
    ['{"Weight": [{"kg": [80]}]}', '"Weight" is a list and is taken as missing'],
    ['{"CenterID": []}', '"CenterID" is a list and is taken as missing'],
  ])('takes a value that cannot be used as missing: %s', (text, warning) => {
    const { record, warnings } = parse(text);
    expect(Object.values(record)).toEqual([{ kind: 'missing' }]);
    expect(warnings[0]).toBe(warning);
    expect(warnings.join()).not.toMatch(/71|80|1e|e39/);
  });

  it('has few warnings for many values that cannot be used', () => {
    const { warnings } = parse(
      JSON.stringify(Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, []]))),
    );
    expect(warnings).toHaveLength(42);
    expect(warnings).toContain('30 more fields hold no usable value');
  });

  it('names a few unknown fields, cut short', () => {
    const fields = Array.from({ length: 500 }, (_, i) => [`${'k'.repeat(9000)}${i}`, 1]);
    const { warnings } = parse(JSON.stringify(Object.fromEntries(fields)));
    expect(warnings.at(-1)).toBe('480 more fields are not known');
    expect(warnings.join().length).toBeLessThan(4000);
  });

  it('takes an empty record', () => {
    expect(parse('{}')).toEqual({ record: {}, warnings: [] });
  });
});
