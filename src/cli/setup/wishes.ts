import type { Arguments } from '../arguments';
import { UserError } from '../user-error';
import type { Ask } from './questions';

/** What a gateway's configuration is to have. */
export interface Wishes {
  /** What to register; undefined: this package by its name, or as it is registered. */
  readonly package: string | undefined;
  readonly region: string | undefined;
  /** A function to put behind a path, if any. */
  readonly route: RouteWish | undefined;
}

export interface RouteWish {
  readonly action: { readonly functionName: string; readonly qualifier?: string };
  readonly endpoint: string;
  readonly paths: readonly string[];
  readonly pipeline: string;
}

/** Flags that mean nothing without a function. */
const ROUTE_FLAGS = ['qualifier', 'path', 'endpoint', 'pipeline'] as const;

/**
 * Reads the flags, and asks for what they do not say where somebody is there to answer.
 *
 * @param isRegistered the plugin has its settings already, which are not asked for
 * @throws UserError
 */
export async function readWishes(args: Arguments, ask: Ask | undefined, isRegistered: boolean): Promise<Wishes> {
  const functionName = args.text('function') ?? (await ask?.('Function to put behind the gateway (empty: none)'));
  if (functionName === undefined) refuseRouteFlags(args);
  return {
    package: args.text('package'),
    route: functionName === undefined ? undefined : await readRoute(functionName, args, ask),
    region: args.text('region') ?? (isRegistered ? undefined : await ask?.('AWS region (empty: the SDK finds one)')),
  };
}

function refuseRouteFlags(args: Arguments): void {
  const flag = ROUTE_FLAGS.find((name) => args.text(name) !== undefined || args.list(name).length > 0);
  if (flag !== undefined) throw new UserError(`--${flag} needs --function`);
}

async function readRoute(functionName: string, args: Arguments, ask: Ask | undefined): Promise<RouteWish> {
  const qualifier = args.text('qualifier');
  const endpoint = args.text('endpoint') ?? plainName(functionName);
  return {
    action: { functionName, ...(qualifier !== undefined && { qualifier }) },
    endpoint,
    paths: await readPaths(args, endpoint, ask),
    pipeline: args.text('pipeline') ?? endpoint,
  };
}

async function readPaths(args: Arguments, endpoint: string, ask: Ask | undefined): Promise<readonly string[]> {
  const given = args.list('path');
  const answer = given.length > 0 || !ask ? undefined : ((await ask('Path', `/${endpoint}`)) ?? `/${endpoint}`);
  const paths = answer === undefined ? given : [answer];
  if (paths.length === 0) throw new UserError(`--function needs --path, such as --path /${endpoint}`);
  const wrong = paths.find((path) => !path.startsWith('/'));
  if (wrong !== undefined) throw new UserError(`--path must begin with /, not be ${JSON.stringify(wrong)}`);
  return paths;
}

/** The name out of an ARN, without version or alias. */
function plainName(functionName: string): string {
  return /^(?:.*:function:|function:)?([^:]+)/.exec(functionName)?.[1] ?? functionName;
}
