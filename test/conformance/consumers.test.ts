import path from 'node:path';
import { startLocalLambda } from '../../src/local-lambda';
import { startGateway, type Gateway } from '../support/gateway';
import { lambdaEnv } from '../support/lambda-endpoint';
import { rawRequest } from '../support/raw-client';
import { comparable, type ComparableAnswer } from './support/comparable-answer';
import { expectedAnswer, QUIRKS } from './support/consumer-quirks';
import { serveAppsDirectly, type DirectApps } from './support/direct-apps';
import { SAMPLE_REQUESTS, type SampleRequest } from './support/sample-requests';

/** Real libraries that turn events into requests for an app, and the app's answers into results. */
const CONSUMERS = ['hono', 'fastify', 'serverless-http', 'serverless-express', 'powertools'];
const FORMATS = ['1.0', '2.0'];

const combinations = CONSUMERS.flatMap((consumer) => FORMATS.map((format) => ({ consumer, format })));
const hostOf = (consumer: string, format: string): string => `${consumer}-${format.replace('.', '-')}.test`;

let gateway: Gateway;
let direct: DirectApps;
/** What is to be closed, the last one first, however far the start came. */
const open: { close(): Promise<unknown> }[] = [];

beforeAll(async () => {
  const lambda = await startLocalLambda({ folder: path.join(__dirname, 'functions'), timeout: 30 });
  open.push(lambda);
  direct = await serveAppsDirectly();
  open.push(direct);
  const apiEndpoints: Record<string, unknown> = {};
  const pipelines: Record<string, unknown> = {};
  for (const { consumer, format } of combinations) {
    const name = hostOf(consumer, format);
    const action = { functionName: consumer, payloadFormatVersion: format };
    apiEndpoints[name] = { host: name, paths: '/*' };
    pipelines[name] = { apiEndpoints: [name], policies: [{ 'lambda-proxy': [{ action }] }] };
  }
  gateway = await startGateway({ apiEndpoints, pipelines, env: lambdaEnv(lambda.url) });
  open.push(gateway);
});

afterAll(async () => {
  for (const started of open.reverse()) await started.close();
});

async function ask(port: number, host: string, request: SampleRequest): Promise<ComparableAnswer> {
  const userAgent = request.userAgent === false ? [] : [['User-Agent', 'sample/1.0'] as const];
  const headers = [['Host', host] as const, ...userAgent, ...(request.headers ?? [])];
  return comparable(await rawRequest({ port }, { ...request, headers }));
}

describe.each(combinations)('$consumer behind the gateway, format $format', ({ consumer, format }) => {
  const host = hostOf(consumer, format);
  const quirks = QUIRKS.filter((quirk) => quirk.consumers.includes(consumer) && quirk.formats.includes(format));

  test.each(SAMPLE_REQUESTS)('$name: the answer of the app served directly', async (request) => {
    const [through, directly] = await Promise.all([
      ask(gateway.port, host, request),
      ask(direct.ports[consumer]!, host, request),
    ]);
    const expected = expectedAnswer(
      directly,
      quirks.filter((quirk) => quirk.requests.includes(request.name)),
    );
    expect(through).toEqual(expected);
  });
});

test('every quirk is about something that is tried', () => {
  const requests = SAMPLE_REQUESTS.map(({ name }) => name);
  expect(QUIRKS.flatMap((quirk) => quirk.requests).filter((name) => !requests.includes(name))).toEqual([]);
  expect(QUIRKS.flatMap((quirk) => quirk.consumers).filter((name) => !CONSUMERS.includes(name))).toEqual([]);
});
