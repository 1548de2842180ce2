import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';

/**
 * Types of what Express Gateway 1.16 hands to a plugin, as far as we use it. Declared here because the host's own
 * declarations lack `settings`, `logger` and `config` and do not compile under `strict` (measured on 1.16.11).
 */

/** The part of the host's winston logger that we use. Give it one string: its format drops further arguments. */
export interface Logger {
  error(message: string): unknown;
  warn(message: string): unknown;
  info(message: string): unknown;
  debug(message: string): unknown;
  /** winston's: whether lines of this level go anywhere. */
  isDebugEnabled?(): boolean;
}

/** One endpoint of `gateway.config.yml`, as the host hands it on: shared by all requests, never to be changed. */
export interface ApiEndpoint {
  readonly apiEndpointName?: string;
  readonly host?: string;
  readonly path?: string;
  readonly paths?: string | readonly string[];
  readonly methods?: string | readonly string[];
  readonly scopes?: readonly string[];
}

export interface EgContext {
  /** The gateway's own request id. On the prototype: a spread of the context loses it. */
  readonly requestID: string;
  readonly apiEndpoint: ApiEndpoint;
  /** What an authentication policy found; a getter for `req.user`. */
  readonly consumer?: unknown;
  /** Body that an earlier policy put in place of the request's own. May never end. */
  readonly requestStream?: Readable;
  /** What earlier policies want the function to see. */
  readonly lambda?: unknown;
}

/** A request of Express, 4 or 5, as far as we use it. */
export interface ExpressRequest extends IncomingMessage {
  readonly method: string;
  readonly url: string;
  readonly ip?: string | undefined;
  readonly protocol: string;
  readonly app: { get(name: string): unknown };
  /** Set by body parsers; `_body` says that one has run. */
  readonly body?: unknown;
  readonly _body?: boolean;
}

/** A request as a policy of the gateway sees it. */
export interface HostRequest extends ExpressRequest {
  readonly params: Readonly<Record<string, string>>;
  readonly route: { readonly path: string | RegExp };
  readonly egContext: EgContext;
}

export type HostResponse = ServerResponse;

export type PolicyHandler = (req: HostRequest, res: HostResponse) => void;

export interface PolicyDefinition {
  readonly name: string;
  readonly schema: object;
  /** Called once for every use in a pipeline, and again on every hot reload. */
  readonly policy: (action: Readonly<Record<string, unknown>>, config?: HostConfig) => PolicyHandler;
}

/** The host's configuration, as far as it helps to say where a setting stands. */
export interface HostConfig {
  readonly gatewayConfig?: { readonly pipelines?: Readonly<Record<string, unknown>> };
}

/** The admin application, as far as we use it. */
export interface AdminApp {
  get(path: string, handler: (req: IncomingMessage, res: ServerResponse) => void): unknown;
}

export interface PluginContext {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly logger: Logger;
  registerPolicy(definition: PolicyDefinition): void;
  /** Adds routes to the admin application, before its own. Taken at start-up only, not on a hot reload. */
  registerAdminRoute(declare: (app: AdminApp) => void): void;
}
