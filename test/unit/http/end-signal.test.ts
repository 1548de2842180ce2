import { EndController } from '../../../src/http/end-signal';

test('is open until it is aborted', () => {
  const controller = new EndController();
  expect([controller.aborted, controller.reason]).toEqual([false, undefined]);
});

test('calls each listener once, in order, with the reason in place', () => {
  const controller = new EndController();
  const seen: unknown[] = [];
  for (const name of ['first', 'second']) {
    controller.addEventListener('abort', () => seen.push([name, controller.aborted, controller.reason]));
  }
  controller.abort('why');
  controller.abort('again');
  expect(seen).toEqual([
    ['first', true, 'why'],
    ['second', true, 'why'],
  ]);
  expect(controller.reason).toBe('why');
});

test('a listener that was taken away, or comes too late, is not called', () => {
  const controller = new EndController();
  const listener = jest.fn();
  controller.addEventListener('abort', listener);
  controller.removeEventListener('abort', listener);
  controller.abort('why');
  controller.addEventListener('abort', listener);
  expect(listener).not.toHaveBeenCalled();
});

test('one that another listener takes away is not called', () => {
  const controller = new EndController();
  const other = jest.fn();
  controller.addEventListener('abort', () => {
    controller.removeEventListener('abort', other);
  });
  controller.addEventListener('abort', other);
  controller.abort('why');
  expect(other).not.toHaveBeenCalled();
});
