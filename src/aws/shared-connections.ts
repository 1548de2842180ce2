import type { Dispatcher } from 'undici';
import type { Logger } from '../host/express-gateway';
import type { ConnectionSettings } from './connection-settings';
import { connectionSettings } from './connection-settings';
import { createDispatcher } from './dispatcher';
import { Shared } from './shared';

/**
 * The connections of one kind, one for each set of settings. To be kept at module level, so that a hot reload, which makes
 * every policy anew, keeps connections and credentials.
 */
export class SharedConnections<T extends object> {
  readonly #connections = new Shared<T>();

  /**
   * The connection for these settings; equal settings get the same one. Nothing is opened before the first call.
   *
   * @param kind what else tells connections apart
   * @throws ConfigurationError when the settings cannot work
   */
  get(
    options: ConnectionSettings,
    logger: Logger,
    create: (settings: ConnectionSettings, dispatcher: Dispatcher) => T,
    kind: unknown = null,
  ): T {
    const settings = connectionSettings(options);
    return this.#connections.get(JSON.stringify([settings, kind, environment()]), () => {
      const dispatcher = createDispatcher(settings);
      if (!settings.sslVerify) {
        logger.warn('lambda-proxy: sslVerify is FALSE, whoever is in between can read and change every call to Lambda');
      }
      return { value: create(settings, dispatcher), close: () => void dispatcher.close() };
    });
  }
}

/** Variables that the SDK and the proxy rules read. They decide as much as the settings do. */
function environment(): readonly (readonly [string, string | undefined])[] {
  return Object.entries(process.env).filter(([name]) => /^AWS_|_PROXY$/i.test(name));
}
