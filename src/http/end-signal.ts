/** What ends a request early, as whoever waits for something sees it. Any `AbortSignal` is one. */
export interface EndSignal {
  readonly aborted: boolean;
  /** Why, once it is aborted. */
  readonly reason: unknown;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** @throws the signal's reason, once it is aborted */
export function throwIfAborted({ aborted, reason }: EndSignal): void {
  if (aborted) throw reason;
}

/**
 * An `AbortController` that is its own signal, and no more than requests need. Node changes the prototype of each signal it
 * makes, for which V8 makes a hidden class each time, and keeps it until a full collection: a fifteenth of all the time
 * that a small request takes (measured on Node.js 20).
 */
export class EndController implements EndSignal {
  #aborted = false;
  #reason: unknown;
  #listeners: readonly (() => void)[] = NONE;

  get aborted(): boolean {
    return this.#aborted;
  }

  get reason(): unknown {
    return this.#reason;
  }

  /** Only the first reason counts. Listeners are called once, in order; one that another takes away is not called. */
  abort(reason: unknown): void {
    if (this.#aborted) return;
    this.#aborted = true;
    this.#reason = reason;
    for (const listener of this.#listeners) if (this.#listeners.includes(listener)) listener();
    this.#listeners = NONE;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (!this.#aborted) this.#listeners = [...this.#listeners, listener];
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    this.#listeners = this.#listeners.filter((other) => other !== listener);
  }
}

const NONE: readonly (() => void)[] = [];
