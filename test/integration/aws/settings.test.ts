import { type LambdaEndpoint, startLambdaEndpoint } from '../../support/lambda-endpoint';
import { type Stack, startStack } from '../../support/stack';

const ARN = 'arn:aws:lambda:sa-east-1:123456789012:function:fn';

let other: LambdaEndpoint;
let stack: Stack;
beforeAll(async () => {
  other = await startLambdaEndpoint();
  stack = await startStack(
    {
      plugin: {},
      policy: { action: { region: 'us-west-2' } },
      arn: { action: { region: 'us-west-2', functionName: ARN } },
      elsewhere: { action: { endpoint: other.url } },
    },
    { pluginSettings: { region: 'eu-south-1' } },
  );
});
beforeEach(() => {
  stack.lambda.reset();
  other.reset();
});
afterAll(async () => {
  await stack.close();
  await other.close();
});

test.each([
  ['plugin', 'eu-south-1'],
  ['policy', 'us-west-2'],
  ['arn', 'sa-east-1'],
])('region, as %s says it', async (route, region) => {
  expect((await stack.request({ target: `/${route}` })).statusCode).toBe(200);
  expect(stack.lambda.last().headers.authorization).toContain(`/${region}/lambda/aws4_request`);
});

test('endpoint wins over the environment', async () => {
  expect((await stack.request({ target: '/elsewhere' })).statusCode).toBe(200);
  expect(other.invocations).toHaveLength(1);
  expect(stack.lambda.invocations).toHaveLength(0);
});

test('requests of one route share connections', async () => {
  for (let i = 0; i < 5; i += 1) await stack.request({ target: '/policy' });
  expect(new Set(stack.lambda.invocations.map(({ connection }) => connection)).size).toBe(1);
});
