import type { buildConnector } from 'undici';
import { buildConnector as createConnector } from 'undici';
import { connectDuration } from '../observability/metrics';

/** undici's own way to open a connection, each one timed. Those through a proxy are opened by the proxy's agent. */
export function timedConnector(options: buildConnector.BuildOptions): buildConnector.connector {
  const connect = createConnector(options);
  return (target, callback) => {
    const stop = connectDuration.startTimer();
    connect(target, (...outcome: buildConnector.CallbackArgs) => {
      const [error] = outcome;
      if (!error) stop();
      callback(...outcome);
    });
  };
}
