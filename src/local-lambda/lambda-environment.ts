import { randomBytes } from 'node:crypto';
import type { FunctionCode } from './function-code';

/** The region that functions see when nothing else tells. */
export function localRegion(): string {
  return process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1';
}

/**
 * The environment variables of a new execution environment: this process' own, for a function's configuration, and
 * Lambda's reserved ones: https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 *
 * @param memorySize Megabytes.
 */
export function lambdaEnvironment(code: FunctionCode, version: string, memorySize: number): NodeJS.ProcessEnv {
  const region = localRegion();
  const [nodeMajor = ''] = process.versions.node.split('.');
  const inherited = { ...process.env };
  // A worker refuses to start when this holds an option of the whole process, such as `--title`.
  delete inherited.NODE_OPTIONS;
  return {
    ...inherited,
    _HANDLER: code.handler,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: `AWS_Lambda_nodejs${nodeMajor}.x`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySize),
    AWS_LAMBDA_FUNCTION_NAME: code.name,
    AWS_LAMBDA_FUNCTION_VERSION: version,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${code.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: logStreamName(version),
    AWS_REGION: region,
    LAMBDA_TASK_ROOT: code.taskRoot,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}

function logStreamName(version: string): string {
  const day = new Date().toISOString().slice(0, 10).replaceAll('-', '/');
  return `${day}/[${version}]${randomBytes(16).toString('hex')}`;
}
