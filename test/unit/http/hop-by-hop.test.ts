import { hopByHopNames } from '../../../src/http/hop-by-hop';

test('the names of RFC 9110 and RFC 9112', () => {
  expect([...hopByHopNames([])]).toEqual([
    'connection',
    'keep-alive',
    'proxy-authenticate',
    'proxy-connection',
    'te',
    'trailer',
    'transfer-encoding',
    'upgrade',
  ]);
});

test('and those that Connection names, in whatever lines and spelling', () => {
  const names = hopByHopNames(['close, X-One', 'x-TWO ,,']);
  expect([names.has('x-one'), names.has('x-two'), names.has('x-three')]).toEqual([true, true, false]);
});
