import type { FunctionUrlOptions } from '../../local-function-urls';
import { UserError } from '../user-error';

const FUNCTION_URL = /^([^=]+)=(\d{1,5})(:stream)?$/;

/** Reads the values of `--function-url`, such as `hello=9101` and `clock=9102:stream`. */
export function readFunctionUrls(values: readonly string[]): Readonly<Record<string, FunctionUrlOptions>> {
  return Object.fromEntries(values.map(readFunctionUrl));
}

function readFunctionUrl(value: string): readonly [name: string, options: FunctionUrlOptions] {
  const [, name, port, stream] = FUNCTION_URL.exec(value) ?? [];
  if (name === undefined || Number(port) > 65_535) {
    throw new UserError(`--function-url must be NAME=PORT or NAME=PORT:stream, not ${JSON.stringify(value)}`);
  }
  return [name, { port: Number(port), invokeMode: stream === undefined ? 'BUFFERED' : 'RESPONSE_STREAM' }];
}
