import { startGateway, type Gateway } from '../../support/gateway';
import { startLambdaEndpoint, type LambdaEndpoint, type LambdaScript } from '../../support/lambda-endpoint';
import { rawRequest, type RawResponse, type RequestParts } from '../../support/raw-client';

/** One line of a table: a fact, and how to see it. */
export interface Row {
  readonly name: string;
  /** Where the fact comes from: a recording, the documentation, or a decision of this project. */
  readonly source: string;
  readonly request?: RequestParts;
  /** The gateway's endpoint beside its host; default: every path and method. */
  readonly endpoint?: {
    readonly paths?: string | readonly string[];
    readonly methods?: string;
    readonly scopes?: readonly string[];
  };
  /** The action of the policy beside the function's name. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Policies that run before. */
  readonly before?: readonly object[];
  /** What Lambda answers; default: status 200, body `ok`. */
  readonly lambda?: LambdaScript;
}

/** What came of a row: the client's answer and, if the function was asked, its event. */
export interface Outcome {
  readonly response: RawResponse;
  /** The last event; undefined if there was none. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- tables look into events of every shape
  readonly event: any;
  readonly invocations: number;
}

/** A gateway with an endpoint of its own for each row, told apart by the host. */
export interface Table {
  readonly gateway: Gateway;
  readonly lambda: LambdaEndpoint;
  run(row: Row): Promise<Outcome>;
  close(): Promise<void>;
}

/** `test-script` policy of test/support, as a step of a pipeline. */
export const script = (behaviour: string, params: object = {}): object => ({
  'test-script': [{ action: { behaviour, ...params } }],
});

/** Settings that all rows share, the row's own on top. */
export async function startTable(rows: readonly Row[], settings: object, boot: object = {}): Promise<Table> {
  const names = rows.map(({ name }) => name);
  if (new Set(names).size < names.length) throw new Error('Two rows of a table have the same name');
  const lambda = await startLambdaEndpoint();
  const apiEndpoints: Record<string, unknown> = {};
  const pipelines: Record<string, unknown> = {};
  for (const [index, row] of rows.entries()) {
    const host = hostOf(index);
    const action = { functionName: 'table', ...settings, ...row.settings };
    apiEndpoints[host] = { host, ...row.endpoint };
    pipelines[host] = { apiEndpoints: [host], policies: [...(row.before ?? []), { 'lambda-proxy': [{ action }] }] };
  }
  const gateway = await startGateway({ apiEndpoints, pipelines, env: lambda.env, ...boot }).catch(
    async (error: unknown) => {
      await lambda.close();
      throw error;
    },
  );
  return {
    gateway,
    lambda,
    run: (row) => runRow(row, names.indexOf(row.name), gateway, lambda),
    async close() {
      await gateway.close();
      await lambda.close();
    },
  };
}

export const hostOf = (index: number): string => `row-${index}.test`;

async function runRow(row: Row, index: number, gateway: Gateway, lambda: LambdaEndpoint): Promise<Outcome> {
  lambda.reset();
  if (row.lambda) lambda.respondWith(row.lambda);
  const { headers = [], ...request } = row.request ?? {};
  const response = await rawRequest(gateway, { ...request, headers: [['Host', hostOf(index)], ...headers] });
  return { response, event: lambda.invocations.at(-1)?.event, invocations: lambda.invocations.length };
}
