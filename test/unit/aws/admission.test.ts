import { Admission } from '../../../src/aws/admission';

test('as many as have a connection or may wait are let in; each that goes makes room for one', () => {
  const admission = new Admission({ maxConnections: 2, maxPending: 1 });
  const releases = [admission.admit(), admission.admit(), admission.admit()];
  expect(() => admission.admit()).toThrow(
    expect.objectContaining({
      code: 'OVERLOADED',
      message: '2 calls are under way and 1 wait; see maxConnections and maxPending',
    }),
  );
  releases[0]?.();
  admission.admit();
  expect(() => admission.admit()).toThrow(expect.objectContaining({ code: 'OVERLOADED' }));
});
