import type { PayloadFormatVersion } from '../formats';
import { payloadFormats } from '../formats';
import { endpointUrl, functionName } from './aws-kinds';
import type { OptionTable } from './define';
import { define } from './define';
import { boolean, integer, listOf, oneOf, text, textMap } from './kinds';

const FORMAT_VERSIONS = Object.keys(payloadFormats) as PayloadFormatVersion[];

/** YAML reads an unquoted `2.0` as the number 2. */
const FORMAT_ALIASES = new Map<unknown, PayloadFormatVersion>([
  [1, '1.0'],
  ['1', '1.0'],
  [2, '2.0'],
  ['2', '2.0'],
]);

/** Which function is called, and how it sees the request. */
export const functionSettings = {
  functionName: define(
    functionName(),
    'policy',
    undefined,
    'The function to invoke. This or `functionUrl` is required.',
  ),
  qualifier: define(
    text('version or alias', /^[A-Za-z0-9_$-]{1,128}$/),
    'policy',
    undefined,
    'Version or alias of the function.',
  ),
  functionUrl: define(
    endpointUrl(),
    'policy',
    undefined,
    'Function URL, or URL of an API of API Gateway: the request itself is forwarded there.',
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
} as const satisfies OptionTable;
