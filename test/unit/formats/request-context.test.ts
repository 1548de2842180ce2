import { domainFields, formatRequestTime, protocol } from '../../../src/formats/request-context';
import { gatewayRequest, headers } from './request';

test.each([
  ['2024-01-02T03:04:05.678Z', '02/Jan/2024:03:04:05 +0000'],
  ['2024-02-29T23:59:59.999Z', '29/Feb/2024:23:59:59 +0000'],
  ['2024-03-31T00:00:00.000Z', '31/Mar/2024:00:00:00 +0000'],
  ['2024-04-01T12:00:00Z', '01/Apr/2024:12:00:00 +0000'],
  ['2024-05-01T12:00:00Z', '01/May/2024:12:00:00 +0000'],
  ['2024-06-01T12:00:00Z', '01/Jun/2024:12:00:00 +0000'],
  ['2024-07-01T12:00:00Z', '01/Jul/2024:12:00:00 +0000'],
  ['2024-08-01T12:00:00Z', '01/Aug/2024:12:00:00 +0000'],
  ['2024-09-01T12:00:00Z', '01/Sep/2024:12:00:00 +0000'],
  ['2024-10-01T12:00:00Z', '01/Oct/2024:12:00:00 +0000'],
  ['2024-11-01T12:00:00Z', '01/Nov/2024:12:00:00 +0000'],
  ['2024-12-31T23:30:00-01:00', '01/Jan/2025:00:30:00 +0000'],
])('%s is written %s', (at, text) => {
  expect(formatRequestTime(new Date(at))).toBe(text);
});

test.each([
  ['api.example.com', 'api.example.com', 'api'],
  ['api.example.com:8080', 'api.example.com', 'api'],
  ['localhost:8080', 'localhost', 'localhost'],
  ['192.0.2.1', '192.0.2.1', '192'],
  ['[::1]:8080', '[::1]', '[::1]'],
  ['[::1]', '[::1]', '[::1]'],
  ['', '', ''],
])('the host %p is the domain %p with the prefix %p', (host, domainName, domainPrefix) => {
  expect(domainFields(gatewayRequest({ headers: headers({ Host: host }) }))).toEqual({ domainName, domainPrefix });
});

test('without a host the domain is empty', () => {
  expect(domainFields(gatewayRequest())).toEqual({ domainName: '', domainPrefix: '' });
});

test.each(['1.0', '1.1'])('the protocol is HTTP/%s', (httpVersion) => {
  expect(protocol(gatewayRequest({ httpVersion }))).toBe(`HTTP/${httpVersion}`);
});
