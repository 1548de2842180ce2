/** Version 0.1 of the library, which Express 4 routes with, ships no types. */
declare module 'path-to-regexp' {
  namespace pathToRegexp {
    interface Key {
      /** A name for `:name`, a number for a star or an unnamed group. */
      readonly name: string | number;
    }
    interface Options {
      readonly sensitive?: boolean;
      readonly strict?: boolean;
      readonly end?: boolean;
    }
  }
  function pathToRegexp(path: string | RegExp, keys: pathToRegexp.Key[], options?: pathToRegexp.Options): RegExp;
  export = pathToRegexp;
}
