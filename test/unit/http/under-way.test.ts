import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { Exchange } from '../../../src/http/exchange';
import { inPhases } from '../../../src/http/under-way';

const begin = (): Exchange => {
  const socket = Object.assign(new EventEmitter(), { destroyed: false });
  const res = { req: { socket, httpVersionMajor: 1 } };
  return new Exchange(res as unknown as ServerResponse, 60_000);
};

test('counts each request in the stage it is in, until it is over', () => {
  const [first, second] = [begin(), begin()];
  expect(inPhases('request')).toBe(2);
  first.phase = 'connect';
  second.phase = 'invoke';
  expect([inPhases('request'), inPhases('connect'), inPhases('connect', 'invoke')]).toEqual([0, 1, 2]);
  first.end();
  expect(inPhases('connect', 'invoke')).toBe(1);
  second.end();
  expect(inPhases('connect', 'invoke')).toBe(0);
});

test('what comes after the end is not counted: a late answer, a second end', () => {
  const exchange = begin();
  exchange.end();
  exchange.phase = 'body';
  exchange.end();
  expect(inPhases('request', 'body')).toBe(0);
  expect(exchange.phase).toBe('request');
});
