import { signingScopeOf } from '../../../src/aws/signing-scope';

test.each([
  ['https://abc123.lambda-url.eu-central-1.on.aws/path?q', 'lambda', 'eu-central-1'],
  ['https://abc.lambda-url.us-gov-west-1.on.aws', 'lambda', 'us-gov-west-1'],
  ['https://abc.lambda-url.cn-north-1.on.amazonwebservices.com.cn', 'lambda', 'cn-north-1'],
  ['https://A1B2.Execute-API.us-east-1.amazonaws.com/prod', 'execute-api', 'us-east-1'],
  ['https://a1b2.execute-api.cn-northwest-1.amazonaws.com.cn', 'execute-api', 'cn-northwest-1'],
  ['https://vpce-0a-1b.execute-api.eu-west-1.vpce.amazonaws.com', 'execute-api', 'eu-west-1'],
])('%s is signed for %s in %s', (url, service, region) => {
  expect(signingScopeOf(url)).toEqual({ service, region });
});

test.each([
  'https://api.example.com',
  'http://localhost:9000',
  'https://lambda.eu-west-1.amazonaws.com',
  'https://abc.lambda-url.eu-west-1.on.aws.example.com',
  'https://example.com/abc.lambda-url.eu-west-1.on.aws',
  'https://evil-lambda-url.eu-west-1.on.aws',
  'https://a.b.execute-api.eu-west-1.amazonaws.com',
])('%s does not tell', (url) => {
  expect(signingScopeOf(url)).toBeUndefined();
});
