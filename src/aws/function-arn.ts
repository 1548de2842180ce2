/** https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html#API_Invoke_RequestSyntax */
const FULL_ARN = /^arn:[^:]+:lambda:([^:]+):/;

/** The region that a full ARN names. A call to another region's endpoint would be refused, so it wins over all settings. */
export function regionOfFunction(functionName: string): string | undefined {
  return FULL_ARN.exec(functionName)?.[1];
}
