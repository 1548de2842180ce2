import { regionOfFunction } from '../../../src/aws/function-arn';

test.each([
  ['arn:aws:lambda:eu-central-1:123456789012:function:users', 'eu-central-1'],
  ['arn:aws:lambda:eu-central-1:123456789012:function:users:live', 'eu-central-1'],
  ['arn:aws-cn:lambda:cn-north-1:123456789012:function:users', 'cn-north-1'],
  ['arn:aws-us-gov:lambda:us-gov-west-1:123456789012:function:users', 'us-gov-west-1'],
  ['123456789012:function:users', undefined],
  ['function:users', undefined],
  ['users', undefined],
  ['users:live', undefined],
  ['arn:aws:iam::123456789012:role/users', undefined],
])('the region of %s is %p', (functionName, region) => {
  expect(regionOfFunction(functionName)).toBe(region);
});
