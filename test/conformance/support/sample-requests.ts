import type { RequestParts } from '../../support/raw-client';

/** A request that is sent to an app twice: directly, and through gateway and function. */
export interface SampleRequest extends RequestParts {
  readonly name: string;
  /** `false`: without the User-Agent that all others have. */
  readonly userAgent?: false;
}

const FILE = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const BOUNDARY = 'x-boundary-x';

const MULTIPART = Buffer.concat([
  Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="text"\r\n\r\nGrüße 🚀\r\n`),
  Buffer.from(
    `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="bytes.bin"\r\n` +
      'Content-Type: application/octet-stream\r\n\r\n',
  ),
  FILE,
  Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
]);

const type = (contentType: string): [string, string][] => [['Content-Type', contentType]];

/** The apps answer `/echo` with everything they saw of the request. */
export const SAMPLE_REQUESTS: readonly SampleRequest[] = [
  // Paths
  { name: 'plain path', target: '/echo' },
  { name: 'encoded space', target: '/echo/a%20b' },
  { name: 'encoded slash', target: '/echo/a%2Fb' },
  { name: 'encoded UTF-8', target: '/echo/%E2%98%95/%C3%BC' },
  { name: 'plus in path', target: '/echo/a+b%2Bc' },
  { name: 'encoded percent', target: '/echo/100%25/%2520' },
  { name: 'encoded question mark and hash', target: '/echo/a%3Fb%23c' },
  { name: 'reserved characters', target: "/echo/x@y:z;v=1,2!$&'()*~" },
  { name: 'trailing slash', target: '/echo/dir/' },
  { name: 'double slash', target: '/echo/a//b' },
  // Queries
  { name: 'query', target: '/echo?a=1&b=2' },
  { name: 'repeated query', target: '/echo?a=1&a=2&b=3&a=1' },
  { name: 'empty values', target: '/echo?a=&b&c=1' },
  { name: 'plus and percent in query', target: '/echo?plus=a+b&enc=a%2Bb&pct=100%25&space=a%20b' },
  { name: 'UTF-8 in query', target: '/echo?q=%E2%98%95&%C3%BC=1' },
  { name: 'URL in query', target: '/echo?u=https%3A%2F%2Fexample.com%2F%3Fx%3D1%26y%3D2%23z' },
  { name: 'comma in query', target: '/echo?list=a,b&enc=c%2Cd' },
  { name: 'brackets in query', target: '/echo?f[a]=1&f[b]=2&g[]=3' },
  // Headers
  { name: 'cookies', target: '/echo', headers: [['Cookie', 'session=abc123; theme=dark; q="a b"']] },
  {
    name: 'two cookie lines',
    target: '/echo',
    headers: [
      ['Cookie', 'a=1'],
      ['Cookie', 'b=2'],
    ],
  },
  {
    name: 'repeated header',
    target: '/echo',
    headers: [
      ['X-Custom', 'one'],
      ['x-custom', 'two, three'],
    ],
  },
  { name: 'no User-Agent', target: '/echo', userAgent: false },
  { name: 'empty header', target: '/echo', headers: [['X-Empty', '']] },
  {
    name: 'common headers',
    target: '/echo',
    headers: [
      ['Authorization', 'Bearer a.b.c'],
      ['Accept', 'text/html, */*;q=0.1'],
      ['Accept-Language', 'de-DE, en;q=0.5'],
      ['If-None-Match', 'W/"x"'],
      ['Range', 'bytes=0-9'],
      ['Referer', 'https://example.com/?a=b'],
      ['X-MiXed-CaSe', 'value'],
    ],
  },
  // Methods and bodies
  { name: 'HEAD', method: 'HEAD', target: '/text' },
  { name: 'OPTIONS', method: 'OPTIONS', target: '/echo' },
  { name: 'DELETE without a body', method: 'DELETE', target: '/echo/1' },
  { name: 'PUT text', method: 'PUT', target: '/echo', headers: type('text/plain; charset=utf-8'), body: 'Grüße 🚀\n' },
  { name: 'PATCH JSON', method: 'PATCH', target: '/echo', headers: type('application/json'), body: '{"a":"ü"}' },
  {
    name: 'POST form',
    method: 'POST',
    target: '/form',
    headers: type('application/x-www-form-urlencoded'),
    body: 'a=1&b=x+y&c=%C3%BC%2B&d=',
  },
  {
    name: 'POST JSON',
    method: 'POST',
    target: '/json',
    headers: type('application/json'),
    body: '{"a":[1,"ü 🚀",null]}',
  },
  {
    name: 'POST multipart',
    method: 'POST',
    target: '/upload',
    headers: type(`multipart/form-data; boundary=${BOUNDARY}`),
    body: MULTIPART,
  },
  { name: 'POST bytes', method: 'POST', target: '/echo', headers: type('application/octet-stream'), body: FILE },
  {
    name: 'POST in chunks',
    method: 'POST',
    target: '/json',
    headers: [...type('application/json'), ['Transfer-Encoding', 'chunked']],
    body: '5\r\n{"a":\r\n3\r\n42}\r\n0\r\n\r\n',
  },
  { name: 'POST without a type', method: 'POST', target: '/echo', body: 'plain words' },
  { name: 'POST without a body', method: 'POST', target: '/echo', headers: [['Content-Length', '0']] },
  // Answers
  { name: 'text', target: '/text' },
  { name: 'HTML', target: '/html' },
  { name: 'JSON', target: '/json' },
  { name: 'PNG', target: '/png' },
  { name: 'gzip', target: '/gzip', headers: [['Accept-Encoding', 'gzip']] },
  { name: 'empty answer', target: '/empty' },
  { name: 'redirect', target: '/redirect' },
  { name: 'absolute redirect', target: '/moved' },
  { name: '204', target: '/no-content' },
  { name: '304', target: '/not-modified' },
  { name: 'several Set-Cookie', target: '/cookies' },
  { name: 'Set-Cookie with a date', target: '/expiring-cookie' },
  { name: 'repeated answer header', target: '/repeated' },
  { name: 'custom answer headers', target: '/custom-headers' },
  { name: 'status 418', target: '/status/418' },
  { name: 'status 503', target: '/status/503' },
  { name: 'an error of the app', target: '/throws' },
  { name: 'not found', target: '/missing' },
];
