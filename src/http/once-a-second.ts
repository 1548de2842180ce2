/** Makes what is the same for all requests of a second, such as its time in writing, once for each second. */
export function onceASecond<T>(make: (at: Date) => T): (at: Date) => T {
  let last: { readonly second: number; readonly made: T } | undefined;
  return (at) => {
    const second = Math.floor(at.getTime() / 1000);
    if (last?.second !== second) last = { second, made: make(at) };
    return last.made;
  };
}
