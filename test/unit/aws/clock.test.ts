import { ServiceClock } from '../../../src/aws/clock';

const MINUTE = 60_000;
const NOW = Date.parse('2030-01-02T03:04:05Z');

beforeEach(() => {
  jest.useFakeTimers({ now: NOW });
});
afterEach(() => {
  jest.useRealTimers();
});

const dateHeader = (aheadBy: number): string => new Date(NOW + aheadBy).toUTCString();

test.each([
  ['nothing', 0, 0],
  ['less than four minutes ahead', 4 * MINUTE - 1_000, 0],
  ['less than four minutes behind', -4 * MINUTE + 1_000, 0],
  ['four minutes ahead', 4 * MINUTE, 4 * MINUTE],
  ['four minutes behind', -4 * MINUTE, -4 * MINUTE],
  ['an hour ahead', 60 * MINUTE, 60 * MINUTE],
])('AWS is %s', (_name, aheadBy, offset) => {
  const clock = new ServiceClock();
  clock.setBy(dateHeader(aheadBy));
  expect(clock.offset).toBe(offset);
  expect(clock.now().getTime()).toBe(NOW + offset);
});

test.each([undefined, '', 'yesterday', 'Sat, 13 Sep 275760 00:00:00 GMT', 'Fri, 01 Jan 1960 00:00:00 GMT'])(
  '%p is no date and sets nothing',
  (header) => {
    const clock = new ServiceClock();
    clock.setBy(header);
    expect(clock.offset).toBe(0);
  },
);

test('a clock that was set is right: the same date sets it no further', () => {
  const clock = new ServiceClock();
  clock.setBy(dateHeader(60 * MINUTE));
  clock.setBy(dateHeader(60 * MINUTE));
  expect(clock.offset).toBe(60 * MINUTE);
});

test('it is set back when the machine is mended', () => {
  const clock = new ServiceClock();
  clock.setBy(dateHeader(60 * MINUTE));
  clock.setBy(dateHeader(0));
  expect(clock.offset).toBe(0);
});
