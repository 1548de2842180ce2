/** Milliseconds that the clocks may differ: AWS refuses a signature beyond five minutes, the SDK corrects from four on. */
const MAX_SKEW = 240_000;

/** Signatures write years with four digits. */
const YEAR_10000 = Date.UTC(10_000, 0);

/** The time as AWS has it. A machine whose clock is wrong would get no signature accepted. */
export class ServiceClock {
  #offset = 0;

  /** Milliseconds by which AWS is ahead. */
  get offset(): number {
    return this.#offset;
  }

  now(): Date {
    return new Date(Date.now() + this.#offset);
  }

  /** Sets the clock by the `Date` of a refusal, where the two are too far apart. What no calendar has is no time. */
  setBy(dateHeader: string | undefined): void {
    const time = Date.parse(dateHeader ?? '');
    if (!(time >= 0 && time < YEAR_10000)) return;
    const skew = time - this.now().getTime();
    if (Math.abs(skew) >= MAX_SKEW) this.#offset += skew;
  }
}
