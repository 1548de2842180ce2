import { Admission } from '../../../src/aws/admission';
import { EndController } from '../../../src/http/end-signal';
import type { Phase } from '../../../src/http/exchange';

const request = () => ({ signal: new EndController(), phase: 'event' as Phase });

test('as many as have a connection are let in, as many as may wait do, the next is turned away', () => {
  const admission = new Admission({ maxConnections: 2, maxPending: 1 });
  const requests = [request(), request(), request()];
  const turns = requests.map((progress) => admission.enter(progress));
  expect(turns).toEqual([undefined, undefined, expect.any(Promise)]);
  expect(requests.map(({ phase }) => phase)).toEqual(['event', 'event', 'connect']);
  expect(() => admission.enter(request())).toThrow(
    expect.objectContaining({
      code: 'OVERLOADED',
      message: '2 calls are under way and 1 wait; see maxConnections and maxPending',
    }),
  );
});

test('each that leaves lets in whoever waits longest, and at last makes room', async () => {
  const admission = new Admission({ maxConnections: 1, maxPending: 2 });
  const order: string[] = [];
  void admission.enter(request());
  const turns = ['first', 'second'].map((name) => admission.enter(request())?.then(() => order.push(name)));
  admission.leave();
  await turns[0];
  expect(order).toEqual(['first']);
  admission.leave();
  await turns[1];
  expect(order).toEqual(['first', 'second']);
  admission.leave();
  expect(admission.enter(request())).toBeUndefined();
});

test('who gives up no longer waits: another may, and the place goes to the next', async () => {
  const admission = new Admission({ maxConnections: 1, maxPending: 1 });
  void admission.enter(request());
  const gone = request();
  const turn = admission.enter(gone);
  gone.signal.abort(new Error('gone'));
  await expect(turn).rejects.toThrow('gone');
  const next = admission.enter(request());
  admission.leave();
  await expect(next).resolves.toBeUndefined();
});

test('who has given up already does not wait', async () => {
  const admission = new Admission({ maxConnections: 1, maxPending: 1 });
  void admission.enter(request());
  const gone = request();
  gone.signal.abort(new Error('gone'));
  await expect(admission.enter(gone)).rejects.toThrow('gone');
  expect(admission.enter(request())).toBeInstanceOf(Promise);
});
