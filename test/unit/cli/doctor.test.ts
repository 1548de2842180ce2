import { checkNode } from '../../../src/cli/doctor/installation';
import { shown } from '../../../src/cli/doctor/masked';

test.each([
  ['20.19.0', 'well'],
  ['20.20.1', 'well'],
  ['22.0.0', 'well'],
  ['20.18.3', 'failed'],
  ['18.20.8', 'failed'],
])('Node.js %s, where 20.19 is needed: %s', (version, outcome) => {
  expect(checkNode(version, '>=20.19').outcome).toBe(outcome);
});

test.each([
  ['functionName', 'users', 'users'],
  ['timeout', 5000, '5000'],
  ['sslVerify', false, 'false'],
  ['binaryMediaTypes', ['image/*', 'font/*'], 'image/*, font/*'],
  ['binaryMediaTypes', [], '(none)'],
  ['endpoint', 'https://lambda.example.com/a@b', 'https://lambda.example.com/a@b'],
  ['proxyUrl', 'http://user:pass@word@proxy:3128', 'http://***@proxy:3128'],
  ['credentials', { accessKeyId: 'a', secretAccessKey: 'b' }, '***'],
  ['apiKey', 'abc', '***'],
  ['stageVariables', { HOST: 'db', KEY: 'hidden' }, 'HOST, KEY'],
  [
    'assumeRole',
    { roleArn: 'arn', externalId: 'hidden', stsEndpoint: 'http://u:p@sts/' },
    'roleArn: arn, externalId: ***, stsEndpoint: http://***@sts/',
  ],
])('%s %j is shown as %s', (name, value, text) => {
  expect(shown(name, value)).toBe(text);
});
