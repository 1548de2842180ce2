import { isHttpUrl } from '../http/http-url';
import type { Kind } from './kinds';
import { httpUrl, text } from './kinds';

export const REGION = /^[a-z0-9-]{1,64}$/;

/** The names that the API itself takes: https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html */
export function functionName(): Kind<string> {
  return text(
    'name, partial ARN or ARN',
    /^(?:arn:aws[a-zA-Z-]*:lambda:)?(?:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?(?:function:)?[a-zA-Z0-9_-]{1,64}(?::(?:\$LATEST|[a-zA-Z0-9_-]+))?$/,
  );
}

/** What a target may consist of (RFC 3986): no placeholders, which nothing of a request ever fills in. */
const URL_CHARACTERS = /^[\w.~:/?[\]@!$&'()*+,;=%-]+$/;

/** A URL that requests are forwarded below. Credentials have settings of their own, and a fragment is never sent. */
export function endpointUrl(): Kind<string> {
  return {
    ...httpUrl(),
    expected: 'http or https URL without user, fragment and placeholders',
    read: (value) => (typeof value === 'string' && isPlainUrl(value) ? value : undefined),
  };
}

function isPlainUrl(url: string): boolean {
  if (!isHttpUrl(url) || !URL_CHARACTERS.test(url)) return false;
  const { username, password, hostname } = new URL(url);
  // The host writes `null` for a variable that is not set, here for a part of the name.
  return username === '' && password === '' && !hostname.split('.').includes('null');
}

/** A header of one's own: none that decides about framing, signatures or where a request came from. */
export function headerName(): Kind<string> {
  return text('header name that begins with X-', /^x-(?!amz|api-key$|forwarded-)[a-z0-9-]+$/i);
}
