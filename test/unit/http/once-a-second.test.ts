import { onceASecond } from '../../../src/http/once-a-second';

test('writes a time again only when its second is another one, in whatever order they come', () => {
  const write = jest.fn((at: Date) => at.toISOString());
  const written = onceASecond(write);
  const times = ['00:00:00.000Z', '00:00:00.999Z', '00:00:01.000Z', '00:00:00.500Z'];
  expect(times.map((time) => written(new Date(`2030-01-01T${time}`)))).toEqual([
    '2030-01-01T00:00:00.000Z',
    '2030-01-01T00:00:00.000Z',
    '2030-01-01T00:00:01.000Z',
    '2030-01-01T00:00:00.500Z',
  ]);
  expect(write).toHaveBeenCalledTimes(3);
});
