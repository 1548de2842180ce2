import { onceASecond } from '../../../src/http/once-a-second';

test('makes its value again only when the second is another one, in whatever order they come', () => {
  const make = jest.fn((at: Date) => at.toISOString());
  const made = onceASecond(make);
  const times = ['00:00:00.000Z', '00:00:00.999Z', '00:00:01.000Z', '00:00:00.500Z'];
  expect(times.map((time) => made(new Date(`2030-01-01T${time}`)))).toEqual([
    '2030-01-01T00:00:00.000Z',
    '2030-01-01T00:00:00.000Z',
    '2030-01-01T00:00:01.000Z',
    '2030-01-01T00:00:00.500Z',
  ]);
  expect(make).toHaveBeenCalledTimes(3);
});
