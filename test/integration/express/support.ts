import express from 'express';
import type { AddressInfo } from 'node:net';
import { lambdaProxy } from '../../../manifest';
import type { LambdaProxyMiddleware, LambdaProxyOptions } from '../../../manifest';
import { type LambdaEndpoint, startLambdaEndpoint } from '../../support/lambda-endpoint';
import { type RawResponse, type RequestParts, rawRequest } from '../../support/raw-client';

export type ExpressVersion = 4 | 5;
export const VERSIONS: readonly ExpressVersion[] = [4, 5];

/** Both have the same functions, as far as tests use them; version 5 ships no types. */
const frameworks: Readonly<Record<ExpressVersion, typeof express>> = {
  4: express,
  // eslint-disable-next-line @typescript-eslint/no-require-imports -- typed by the line before
  5: require('express-5') as typeof express,
};

/** What an application is made of. */
export interface Parts {
  readonly app: express.Express;
  readonly express: typeof express;
  /** The middleware in front of the scripted endpoint, its log collected. */
  readonly proxy: (options?: LambdaProxyOptions) => LambdaProxyMiddleware;
}

/** A server of plain Express in front of a scripted Lambda endpoint. */
export interface App {
  readonly port: number;
  readonly lambda: LambdaEndpoint;
  /** Lines with their level, as `level: line`; those of `debug`, one for each call, are left out. */
  readonly log: string[];
  request(parts: RequestParts): Promise<RawResponse>;
  close(): Promise<void>;
}

export async function startApp(version: ExpressVersion, build: (parts: Parts) => void): Promise<App> {
  const lambda = await startLambdaEndpoint();
  const framework = frameworks[version];
  const log: string[] = [];
  const writer = (level: string) => (line: string) => log.push(`${level}: ${line}`);
  const logger = { error: writer('error'), warn: writer('warn'), info: writer('info'), debug: () => undefined };
  const ownSettings = { functionName: 'hello', endpoint: lambda.url, region: 'eu-central-1' };
  const app = framework();
  build({ app, express: framework, proxy: (options) => lambdaProxy({ ...ownSettings, ...options }, { logger }) });
  const server = await new Promise<ReturnType<typeof app.listen>>((resolve) => {
    const listening = app.listen(0, '127.0.0.1', () => {
      resolve(listening);
    });
  });
  const { port } = server.address() as AddressInfo;
  return {
    port,
    lambda,
    log,
    request: (parts) => rawRequest({ port }, parts),
    close: async () => {
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await lambda.close();
    },
  };
}

/** Waits for a line of the log, which is written when the server has noticed. Jest's own timeout ends a wait in vain. */
export async function logged({ log }: App, pattern: RegExp): Promise<string> {
  for (;;) {
    const line = log.find((candidate) => pattern.test(candidate));
    if (line !== undefined) return line;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
