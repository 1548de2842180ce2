import { lambdaProxy } from '../../../manifest';

test.each([
  [{}, 'functionName is missing'],
  [{ functionName: 'hello', timout: 5 }, 'unknown setting "timout", did you mean timeout?'],
  [{ functionName: 'hello', timeout: 1 }, 'timeout must not be 1'],
  [{ functionName: 'hello', ignorePath: true, stripPath: true }, 'ignorePath and stripPath exclude each other'],
])('wrong settings throw one line where the middleware is made: %p', (options, why) => {
  const make = () => lambdaProxy(options);
  expect(make).toThrow(`lambda-proxy policy in lambdaProxy(): ${why}`);
  expect(make).not.toThrow(/\n/);
});
