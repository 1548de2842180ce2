import { type Stack, startStack } from '../support/stack';

/** Where the gateway is deliberately not API Gateway, and no table of another file has it. */
let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ v1: {}, v2: { action: { payloadFormatVersion: '2.0', stage: 'prod' } } });
});
afterAll(() => stack.close());

test("an unmatched route is the gateway's own 404, and no invocation", async () => {
  stack.lambda.reset();
  expect((await stack.request({ target: '/nowhere' })).statusCode).toBe(404);
  expect(stack.lambda.invocations).toHaveLength(0);
});

test('X-HTTP-Method-Override is a header like any other', async () => {
  await stack.request({ method: 'POST', target: '/v1', headers: [['X-HTTP-Method-Override', 'DELETE']] });
  expect(stack.lambda.last().event).toMatchObject({
    httpMethod: 'POST',
    headers: { 'X-HTTP-Method-Override': 'DELETE' },
  });
});

test('a named stage is not in the rawPath of format 2.0', async () => {
  await stack.request({ target: '/v2/x' });
  expect(stack.lambda.last().event).toMatchObject({ rawPath: '/v2/x', requestContext: { stage: 'prod' } });
});

test('there is no request id of API Gateway beside that of the gateway', async () => {
  const response = await stack.request({ target: '/v2' });
  expect(response.all('x-amzn-requestid')).toHaveLength(1);
  expect([response.all('x-amz-apigw-id'), response.all('apigw-requestid')]).toEqual([[], []]);
});
