/** A route pattern that was taken apart once and is then used for every request. */
export interface CompiledRoute {
  /** The pattern in API Gateway's syntax: `/users/{id}/{proxy+}`. */
  readonly resource: string;
  /** The captured parts of a path, in the order of `parameters`; undefined for a path of another route. */
  readonly capture: (path: string) => readonly (string | undefined)[] | undefined;
  readonly parameters: readonly RouteParameter[];
}

export interface RouteParameter {
  readonly name: string;
  /** Whether it takes several segments of the path, as API Gateway's `{proxy+}` does. */
  readonly isGreedy: boolean;
}

/** API Gateway's name for the greedy parameter of a route such as `/api/*`. */
export const GREEDY: RouteParameter = { name: 'proxy', isGreedy: true };

/** A parameter in API Gateway's syntax. */
export function placeholder({ name, isGreedy }: RouteParameter): string {
  return `{${name}${isGreedy ? '+' : ''}}`;
}
