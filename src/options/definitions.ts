import type { AssumeRole, StaticCredentials } from '../aws/connection-settings';
import type { PayloadFormatVersion } from '../formats';
import { payloadFormats } from '../formats';
import type { Kind } from './kinds';
import { boolean, certificateFile, group, httpUrl, integer, listOf, oneOf, text, textMap } from './kinds';

/** Where a setting may stand: in the policy's `action` only, or at the plugin in `system.config.yml` as well. */
export type Level = 'policy' | 'both';

/** Marks a setting that has no default because it must be given. */
export const REQUIRED = Symbol('required');

export interface OptionDefinition<T, D extends T | undefined | typeof REQUIRED = T | undefined | typeof REQUIRED> {
  readonly kind: Kind<T>;
  readonly level: Level;
  /** `undefined` where the setting may simply be absent. */
  readonly default: D;
  /** One or two sentences for the schema and the README. */
  readonly summary: string;
}

const FORMAT_VERSIONS = Object.keys(payloadFormats) as PayloadFormatVersion[];

/** The names that the API itself takes: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
const FUNCTION_NAME =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?(?:function:)?[a-zA-Z0-9_-]{1,64}(?::(?:\$LATEST|[a-zA-Z0-9_-]+))?$/;

/** YAML reads an unquoted `2.0` as the number 2. */
const FORMAT_ALIASES = new Map<unknown, PayloadFormatVersion>([
  [1, '1.0'],
  ['1', '1.0'],
  [2, '2.0'],
  ['2', '2.0'],
]);

/**
 * Every setting of the policy. The JSON schemas, the types, the defaults and the README's table are made from this table
 * and from nothing else.
 */
export const definitions = {
  functionName: define(text('name, partial ARN or ARN', FUNCTION_NAME), 'policy', REQUIRED, 'The function to invoke.'),
  qualifier: define(
    text('version or alias', /^[A-Za-z0-9_$-]{1,128}$/),
    'policy',
    undefined,
    'Version or alias of the function.',
  ),
  ignorePath: define(boolean(), 'policy', false, 'The function sees the path `/`.'),
  stripPath: define(
    boolean(),
    'policy',
    false,
    "The function sees the path without the endpoint's literal prefix: what follows from the first `*` or `:` segment on, percent-encoded as received.",
  ),
  invocationType: define(
    oneOf(['RequestResponse', 'Event', 'DryRun']),
    'both',
    'RequestResponse',
    '`Event` queues the invocation and answers 202, `DryRun` only checks permissions and answers 204; both without a body.',
  ),
  logType: define(
    oneOf(['None', 'Tail']),
    'both',
    'None',
    "`Tail` writes the last 4 KB of the function's log to the gateway's log, never to the client.",
  ),
  unhandledStatus: define(
    integer(100, 599, 'status'),
    'both',
    500,
    'Status of the answer when the function reports an error, handled or unhandled. API Gateway uses 502.',
  ),
  useCustomIntegration: define(
    boolean(),
    'both',
    false,
    "An earlier policy makes the event (`egContext.lambda`), and the function's payload is the answer's body.",
  ),
  maxJSONParseLength: define(
    integer(0, 1_073_741_824, 'bytes'),
    'both',
    5_242_880,
    'A body larger than this is not parsed just to guess its type.',
  ),
  payloadFormatVersion: define(
    oneOf(FORMAT_VERSIONS, FORMAT_ALIASES),
    'both',
    '1.0',
    "Shape of event and result: REST API, HTTP API, or that of this plugin's version 1.",
  ),
  stage: define(
    text('name', /^[A-Za-z0-9_$-]{1,128}$/),
    'both',
    '$default',
    'Name of the stage in `requestContext`. In format 1.0 it leads `requestContext.path`, except `$default`.',
  ),
  stageVariables: define(textMap('map of names to text'), 'both', undefined, 'Stage variables in the event.'),
  binaryMediaTypes: define(
    listOf(text('media ranges', /^[^\s/]+\/[^\s/]+$/)),
    'both',
    [],
    'Request bodies of these types are always base64.',
  ),
  invokeMode: define(
    oneOf(['BUFFERED', 'RESPONSE_STREAM']),
    'both',
    'BUFFERED',
    '`RESPONSE_STREAM` hands the answer on piece by piece, as the function writes it.',
  ),
  timeout: define(
    integer(50, 900_000, 'ms'),
    'both',
    29_000,
    'From when the policy receives the request to the head of the answer, the body of the request included. Beyond it: 504.',
  ),
  streamIdleTimeout: define(
    integer(50, 900_000, 'ms'),
    'both',
    300_000,
    'Between two pieces of a streamed answer. Beyond it the answer is broken off.',
  ),
  connectTimeout: define(
    integer(50, 900_000, 'ms'),
    'both',
    3_000,
    'To open a connection to AWS, its TLS handshake included.',
  ),
  maxAttempts: define(
    integer(1, 10, 'attempts'),
    'both',
    1,
    'How often a request may be tried while it is certain that nothing was executed: no byte was sent, or Lambda throttled the call. Within `timeout`.',
  ),
  maxConnections: define(integer(1, 65_536, 'connections'), 'both', 512, 'Open connections to an endpoint of AWS.'),
  maxPending: define(
    integer(0, 1_048_576, 'requests'),
    'both',
    1_024,
    'Requests that may wait for one of `maxConnections`. Beyond: 503 with `Retry-After`, at once.',
  ),
  region: define(
    text('region', /^[a-z0-9-]{1,64}$/),
    'both',
    undefined,
    "AWS region. Without it the SDK's own chain; that of an ARN in `functionName` wins.",
  ),
  endpoint: define(
    httpUrl(),
    'both',
    undefined,
    'Endpoint of the Lambda API. Without it AWS, or what `AWS_ENDPOINT_URL_LAMBDA` says. Plain HTTP on this machine works without credentials.',
  ),
  profile: define(
    text('name', /^[^\0\r\n]+$/),
    'both',
    undefined,
    'Profile of the shared AWS configuration files. Without it what `AWS_PROFILE` says.',
  ),
  credentials: define(
    group<StaticCredentials>({ accessKeyId: text('text'), secretAccessKey: text('text'), sessionToken: text('text') }, [
      'accessKeyId',
      'secretAccessKey',
    ]),
    'both',
    undefined,
    'Static keys, as the last resort: better are a role of the machine, `profile` or `assumeRole`.',
  ),
  assumeRole: define(
    group<AssumeRole>(
      {
        roleArn: text('ARN of a role', /^arn:[^:]+:iam::\d{12}:role\/.+$/),
        roleSessionName: text('name', /^[\w+=,.@-]{2,64}$/),
        externalId: text('text', /^[\w+=,.@:/-]{2,1224}$/),
        durationSeconds: integer(900, 43_200, 'seconds'),
        stsEndpoint: httpUrl(),
      },
      ['roleArn'],
    ),
    'both',
    undefined,
    'Role that the gateway assumes with the credentials it has otherwise. Refreshed before it expires, and shared by all policies with the same role.',
  ),
  proxyUrl: define(
    httpUrl(),
    'both',
    undefined,
    'Outbound proxy for Lambda and STS. Without it `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of the environment.',
  ),
  caFile: define(
    certificateFile(),
    'both',
    undefined,
    "Certification authorities to trust beside Node's own, for an endpoint or proxy inside the company.",
  ),
  sslVerify: define(
    boolean(),
    'both',
    true,
    '`false` accepts every certificate. For local endpoints only; it is logged loudly.',
  ),
} as const satisfies Record<string, OptionDefinition<unknown>>;

function define<T, const D extends T | undefined | typeof REQUIRED>(
  kind: Kind<T>,
  level: Level,
  fallback: D,
  summary: string,
): OptionDefinition<T, D> {
  return { kind, level, default: fallback, summary };
}

export type OptionName = keyof typeof definitions;

type ValueOf<K extends OptionName> = (typeof definitions)[K] extends OptionDefinition<infer T> ? T : never;

/** Settings that always have a value: required ones and those with a default. */
type PresentNames = {
  [K in OptionName]: undefined extends (typeof definitions)[K]['default'] ? never : K;
}[OptionName];

/** What may stand in a policy's `action`. */
export type LambdaProxyOptions = { readonly [K in OptionName]?: ValueOf<K> };

/** The same after defaults: what the request path works with. */
export type ResolvedOptions = {
  readonly [K in OptionName]: K extends PresentNames ? ValueOf<K> : ValueOf<K> | undefined;
};

/** The table's rows, for code that treats all settings alike. */
export const optionRows = Object.entries(definitions) as readonly (readonly [OptionName, OptionDefinition<unknown>])[];
