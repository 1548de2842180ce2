/** A way to write times to the second, which writes each second once: all requests of a second have the same text. */
export function onceASecond(write: (at: Date) => string): (at: Date) => string {
  let lastSecond: number | undefined;
  let lastText = '';
  return (at) => {
    const second = Math.floor(at.getTime() / 1000);
    if (second !== lastSecond) {
      lastText = write(at);
      lastSecond = second;
    }
    return lastText;
  };
}
