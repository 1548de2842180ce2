import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What AWS runs beside a container or an instance, and hands its role's credentials out. */
export interface FakeMetadata {
  readonly url: string;
  close(): Promise<void>;
}

type Route = (request: IncomingMessage) => string | object | undefined;

/** Where a container's credentials are; the path is free. */
export const CONTAINER_PATH = '/v1/credentials';

const INSTANCE_PATH = '/latest/meta-data/iam/security-credentials/';
const INSTANCE_TOKEN = 'a token of the instance';

/**
 * Both services in one; numbered keys that live as long as the test says.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
 * https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-metadata-v2-how-it-works.html
 *
 * @param containerToken what a container has to send as its authorization
 */
export async function startFakeMetadata(lifetimeMs: () => number, containerToken: string): Promise<FakeMetadata> {
  let keys = 0;
  const nextKeys = (): object => {
    keys += 1;
    const AccessKeyId = `ASIA${String(keys).padStart(16, '0')}`;
    const Expiration = new Date(Date.now() + lifetimeMs()).toISOString();
    return { AccessKeyId, SecretAccessKey: `secret-${AccessKeyId}`, Token: `token-${AccessKeyId}`, Expiration };
  };
  const ofInstance = (answer: () => string | object): Route => {
    return ({ headers }) => (headers['x-aws-ec2-metadata-token'] === INSTANCE_TOKEN ? answer() : undefined);
  };
  const routes: Readonly<Record<string, Route>> = {
    [`GET ${CONTAINER_PATH}`]: ({ headers }) => (headers.authorization === containerToken ? nextKeys() : undefined),
    'PUT /latest/api/token': () => INSTANCE_TOKEN,
    [`GET ${INSTANCE_PATH}`]: ofInstance(() => 'gateway-role'),
    [`GET ${INSTANCE_PATH}gateway-role`]: ofInstance(() => ({ Code: 'Success', Type: 'AWS-HMAC', ...nextKeys() })),
  };
  const server = createServer((request, response) => {
    const answer = routes[`${request.method ?? ''} ${request.url ?? ''}`]?.(request);
    response.statusCode = answer === undefined ? 401 : 200;
    response.end(typeof answer === 'object' ? JSON.stringify(answer) : answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}
