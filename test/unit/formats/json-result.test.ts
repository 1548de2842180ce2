import { isJsonObject, parseResult } from '../../../src/formats/json-result';

test.each<[payload: string, value: unknown]>([
  ['{"a":[1]}', { a: [1] }],
  [' null\n', null],
  ['"text"', 'text'],
])('the payload %p is %p', (payload, value) => {
  expect(parseResult(Buffer.from(payload))).toEqual(value);
});

test.each<[value: unknown, isObject: boolean]>([
  [{}, true],
  [Object.create(null), true],
  [[], false],
  [null, false],
  [undefined, false],
  ['{}', false],
  [1, false],
])('%p is a JSON object: %p', (value, isObject) => {
  expect(isJsonObject(value)).toBe(isObject);
});
