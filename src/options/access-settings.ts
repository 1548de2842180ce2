import type { AssumeRole, StaticCredentials } from '../aws/connection-settings';
import type { SigningScope } from '../aws/signing-scope';
import { REGION, headerName } from './aws-kinds';
import type { OptionTable } from './define';
import { define } from './define';
import { group, httpUrl, integer, oneOf, secret, text } from './kinds';

/** In whose name AWS is asked, and where. */
export const accessSettings = {
  region: define(
    text('region', REGION),
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
  authType: define(
    oneOf(['NONE', 'AWS_IAM']),
    'both',
    'NONE',
    "As the `functionUrl` has it: `AWS_IAM` signs each request with the gateway's credentials.",
  ),
  signing: define(
    group<SigningScope>({ service: text('name', REGION), region: text('region', REGION) }, ['service', 'region']),
    'both',
    undefined,
    'What to sign for, where the host name of `functionUrl` is a domain of your own: service `lambda` or `execute-api`.',
  ),
  forwardAuthorizationAs: define(
    headerName(),
    'both',
    undefined,
    "Header that carries a client's `Authorization` on when `authType` is `AWS_IAM`, which has its own.",
  ),
  apiKey: define(
    secret('API key'),
    'both',
    undefined,
    "API key of a REST API, sent to the `functionUrl` as `x-api-key`; a client's own is replaced.",
  ),
} as const satisfies OptionTable;
