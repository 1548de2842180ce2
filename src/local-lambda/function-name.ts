import { invalidParameterValue, validationError } from './api-errors';

/** Which function, and which version of it, a call means. */
export interface FunctionReference {
  /** Only letters, digits, `-` and `_`: safe as a file name. */
  readonly name: string;
  /** `$LATEST` or a number. An alias counts as `$LATEST`: there is only one version of the code here. */
  readonly version: string;
  /** With the qualifier, if the call had one: what the function sees as `invokedFunctionArn`. */
  readonly arn: string;
}

/** The example account of the AWS documentation. */
const defaultAccount = '123456789012';

// After the pattern of `FunctionName`: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
const functionNamePattern =
  /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:(?<region>[a-z]{2}(?:-[a-z]+)+-\d):)?(?:(?<account>\d{12}):)?(?:function:)?(?<name>[a-zA-Z0-9-_]{1,64})(?::(?<qualifier>\$LATEST|[a-zA-Z0-9-_]+))?$/;
const qualifierPattern = /^(?:\$LATEST|[a-zA-Z0-9-_]+)$/;

/**
 * Reads a function's name, partial ARN or ARN, with or without a qualifier.
 *
 * @param qualifier The query parameter, if there is one.
 * @param defaultRegion Region of the ARN when the name does not tell.
 * @throws {ApiError} `ValidationException`, or `InvalidParameterValueException` when the two qualifiers differ.
 */
export function parseFunctionName(
  functionName: string,
  qualifier: string | undefined,
  defaultRegion: string,
): FunctionReference {
  const parts = functionNamePattern.exec(functionName)?.groups;
  if (!parts?.name) throw validationError(functionName, 'functionName', functionNamePattern.source);
  const { name, region = defaultRegion, account = defaultAccount } = parts;
  const chosen = chooseQualifier(parts.qualifier, qualifier);
  const functionArn = `arn:aws:lambda:${region}:${account}:function:${name}`;
  return {
    name,
    version: chosen !== undefined && /^\d+$/.test(chosen) ? chosen : '$LATEST',
    arn: chosen === undefined ? functionArn : `${functionArn}:${chosen}`,
  };
}

function chooseQualifier(fromName: string | undefined, fromQuery: string | undefined): string | undefined {
  if (fromQuery === undefined) return fromName;
  if (!qualifierPattern.test(fromQuery)) throw validationError(fromQuery, 'qualifier', qualifierPattern.source);
  if (fromName !== undefined && fromName !== fromQuery) {
    throw invalidParameterValue('The derived qualifier from the function name does not match the specified qualifier.');
  }
  return fromQuery;
}
