import { signableTarget } from '../../../src/aws/signable-target';

test.each([
  ['', ''],
  ['a', 'a='],
  ['a=1&b=2', 'a=1&b=2'],
  ['b=2&a=1&b=1', 'b=2&a=1&b=1'],
  ['a=x+y&b=%2B&c=%20', 'a=x%20y&b=%2B&c=%20'],
  ['a=%&b=%zz&c=%FF', 'a=%25&b=%25zz&c=%25FF'],
  ['a=%c3%a9&b=%41%7E', 'a=%C3%A9&b=A~'],
  ["a[]=!*'()", 'a%5B%5D=%21%2A%27%28%29'],
  ['&&a=1&', 'a=1'],
  ['a=b=c', 'a=b%3Dc'],
  ['a=1&X-Amz-Signature=x&x-amz-date=y', 'a=1'],
])('the query %s goes out as %s', (rawQuery, expected) => {
  expect(signableTarget({ path: '/', rawQuery }).rawQuery).toBe(expected);
});

test('the path goes out as it is, and the parameters decoded', () => {
  const target = { path: '//a%2fb/../c', rawQuery: 'a=%2B+&a' };
  expect(signableTarget(target)).toEqual({
    path: '//a%2fb/../c',
    rawQuery: 'a=%2B%20&a=',
    parameters: [
      ['a', '+ '],
      ['a', ''],
    ],
  });
});
