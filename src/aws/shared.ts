/**
 * One living value per key, shared by all who ask for it.
 *
 * The host makes every policy anew on a hot reload and tells nobody when the old ones are gone, which after a refused
 * reload they are not. So nothing is counted here: a value lives as long as somebody holds it, and what it leaves behind
 * is closed when the garbage collector has taken it. A call in flight holds its value.
 */
export class Shared<T extends object> {
  readonly #values = new Map<string, WeakRef<T>>();
  readonly #registry = new FinalizationRegistry<{ readonly key: string; readonly close: () => void }>(
    ({ key, close }) => {
      if (this.#values.get(key)?.deref() === undefined) this.#values.delete(key);
      close();
    },
  );

  /** How many values are known, those included that the collector has not reported yet. */
  get size(): number {
    return this.#values.size;
  }

  /**
   * The value of this key, made if there is none.
   *
   * @param create makes the value, and says how to close what it leaves behind; `close` must not refer to the value,
   *   which would keep it alive
   */
  get(key: string, create: () => { readonly value: T; readonly close: () => void }): T {
    const known = this.#values.get(key)?.deref();
    if (known) return known;
    const { value, close } = create();
    this.#values.set(key, new WeakRef(value));
    this.#registry.register(value, { key, close });
    return value;
  }
}
