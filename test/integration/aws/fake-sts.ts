import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Whom all credentials belong to, as GetCallerIdentity says. */
export const CALLER_ARN = 'arn:aws:sts::123456789012:assumed-role/gateway/session';

/** A call of AssumeRole or AssumeRoleWithWebIdentity as it reached the service. */
export type AssumeRoleCall = Readonly<Record<string, string>> & { readonly authorization: string };

export interface FakeSts {
  readonly url: string;
  readonly calls: readonly AssumeRoleCall[];
  /** Whether credentials of this key still hold. */
  isValid(accessKeyId: string): boolean;
  /** Ends the validity of everything handed out so far, whatever was promised. */
  revoke(): void;
  /** From here on takes calls and never answers them. */
  stall(): void;
  close(): Promise<void>;
}

/**
 * An STS whose credentials live as long as the test says.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRoleWithWebIdentity.html
 */
export async function startFakeSts(lifetimeMs: () => number, delayMs = 0): Promise<FakeSts> {
  const calls: AssumeRoleCall[] = [];
  const expirations = new Map<string, number>();
  let isStalled = false;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const form = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      calls.push({ ...form, authorization: request.headers.authorization ?? '' });
      const accessKeyId = `ASIA${String(calls.length).padStart(16, '0')}`;
      const expiration = Date.now() + lifetimeMs();
      expirations.set(accessKeyId, expiration);
      if (isStalled) return;
      setTimeout(() => {
        response
          .setHeader('content-type', 'text/xml')
          .end(document(String(form.Action), accessKeyId, new Date(expiration)));
      }, delayMs);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    isValid: (accessKeyId) => (expirations.get(accessKeyId) ?? 0) > Date.now(),
    revoke: () => {
      expirations.clear();
    },
    stall: () => {
      isStalled = true;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function document(action: string, accessKeyId: string, expiration: Date): string {
  return `<${action}Response xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><${action}Result>
    <AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>arn:aws:sts::123456789012:assumed-role/r/s</Arn></AssumedRoleUser>
    <Credentials><AccessKeyId>${accessKeyId}</AccessKeyId><SecretAccessKey>secret-${accessKeyId}</SecretAccessKey>
    <SessionToken>token-${accessKeyId}</SessionToken><Expiration>${expiration.toISOString()}</Expiration></Credentials>
    <Arn>${CALLER_ARN}</Arn></${action}Result><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></${action}Response>`;
}
