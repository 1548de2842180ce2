import { charset, matchesMediaRange, mediaType } from '../../../src/http/media-type';

test.each([
  [undefined, undefined],
  ['', undefined],
  [' ', undefined],
  ['; charset=utf-8', undefined],
  ['text/html', 'text/html'],
  ['Text/HTML; charset="UTF-8"', 'text/html'],
  [' application/json ;a=b;c=d', 'application/json'],
  ['application/vnd.api+JSON', 'application/vnd.api+json'],
  ['nonsense', 'nonsense'],
])('mediaType(%p) is %p', (contentType, type) => {
  expect(mediaType(contentType)).toBe(type);
});

test.each([
  [undefined, undefined],
  ['text/html', undefined],
  ['text/html; charset=UTF-8', 'utf-8'],
  ['text/html;charset=utf-8', 'utf-8'],
  ['text/html; CharSet = "Latin1"', 'latin1'],
  ['text/html; a=b; charset=us-ascii; c=d', 'us-ascii'],
  ['text/html; charset=', undefined],
  ['text/html; xcharset=utf-8', undefined],
])('charset(%p) is %p', (contentType, name) => {
  expect(charset(contentType)).toBe(name);
});

test.each<[type: string, ranges: readonly string[], matches: boolean]>([
  ['image/png', [], false],
  ['image/png', ['image/png'], true],
  ['image/png', ['IMAGE/PNG'], true],
  ['image/png', [' image/png '], true],
  ['image/png', ['image/*'], true],
  ['image/png', ['Image/*'], true],
  ['image/png', ['*/*'], true],
  ['image/png', ['text/*', 'image/jpeg'], false],
  ['image/png', ['text/*', 'image/png'], true],
  ['imagex/png', ['image/*'], false],
  ['image', ['image/*'], false],
  ['image/png', ['image/pn'], false],
  ['image/png', ['image/png+xml'], false],
  ['image/png', ['*'], false],
  ['application/x.y', ['application/x-y'], false],
])('%s is in %p: %p', (type, ranges, matches) => {
  expect(matchesMediaRange(type, ranges)).toBe(matches);
});
