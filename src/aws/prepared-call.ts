import type { LambdaClient } from '@aws-sdk/client-lambda';
import { InvokeCommand, InvokeWithResponseStreamCommand } from '@aws-sdk/client-lambda';
import type { HttpRequest } from '@smithy/types';
import { canonicalPath, canonicalQuery } from './canonical-target';
import type { SigningScope } from './signing-scope';

/** What stays the same for all calls of a policy; one object for each policy, which the connection knows it by: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export interface InvokeTarget {
  /** Whether the answer comes in one piece or as a stream. */
  readonly operation: 'Invoke' | 'InvokeWithResponseStream';
  readonly functionName: string;
  readonly qualifier: string | undefined;
  readonly invocationType: 'RequestResponse' | 'Event' | 'DryRun';
  readonly logType: 'None' | 'Tail';
}

/** A call as it goes onto the wire, but for its event. */
export interface PreparedCall {
  readonly method: string;
  readonly origin: string;
  /** With the query. */
  readonly path: string;
  readonly canonicalPath: string;
  readonly canonicalQuery: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly scope: SigningScope;
}

/**
 * The HTTP request that the SDK makes of a call, before it is signed: endpoint, path, query and headers. Made once and
 * filled with each event: the SDK's middleware takes longer than everything else on a request's path together
 * (measured, see docs/benchmark.md).
 *
 * @param client one that `preparing` has made ready
 */
export async function prepareCall(client: LambdaClient, target: InvokeTarget): Promise<PreparedCall> {
  let prepared: HttpRequest | undefined;
  const take = ({ request }: { readonly request: unknown }): Promise<{ output: never; response: undefined }> => {
    prepared = request as HttpRequest;
    return Promise.resolve({ output: { $metadata: {} } as never, response: undefined });
  };
  // What comes after this point repeats, signs and sends; none of it is reached.
  const position = { relation: 'before', toMiddleware: 'retryMiddleware', name: 'takePreparedRequest' } as const;
  if (target.operation === 'Invoke') {
    const command = new InvokeCommand({ ...parameters(target), InvocationType: target.invocationType });
    command.middlewareStack.addRelativeTo(() => take, position);
    await client.send(command);
  } else {
    const command = new InvokeWithResponseStreamCommand(parameters(target));
    command.middlewareStack.addRelativeTo(() => take, position);
    await client.send(command);
  }
  if (!prepared) throw new Error('the SDK made no request');
  return asPreparedCall(prepared, { service: 'lambda', region: await client.config.region() });
}

function asPreparedCall(
  { protocol, hostname, port, method, path, query = {}, headers }: HttpRequest,
  scope: SigningScope,
): PreparedCall {
  const rawQuery = canonicalQuery(query);
  return {
    method,
    origin: `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`,
    path: rawQuery === '' ? path : `${path}?${rawQuery}`,
    canonicalPath: canonicalPath(path),
    canonicalQuery: rawQuery,
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
    scope,
  };
}

function parameters({ functionName, qualifier, logType }: InvokeTarget) {
  return { FunctionName: functionName, Qualifier: qualifier, LogType: logType, Payload: PLACEHOLDER };
}

/** Stands for the event, which decides the content type by being there. */
const PLACEHOLDER = Buffer.from('{}');

/** Lets the client make requests without credentials: fetching them is part of the call, within its deadline. */
export function preparing(client: LambdaClient): LambdaClient {
  client.middlewareStack.remove('httpAuthSchemeMiddleware');
  return client;
}
