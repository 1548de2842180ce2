import { startTable, type Row, type Table } from './table';

/** A fact about events. */
export interface EventRow extends Row {
  /** The event has at least this; arrays and values are compared whole. */
  readonly event?: object;
  /** Paths that the event does not have, `null` included. */
  readonly absent?: readonly string[];
  /** Names, in whatever spelling, that no map of headers has. */
  readonly headersAbsent?: readonly string[];
  /** The event has these keys and no others. */
  readonly keys?: readonly string[];
}

/** Declares one test for each row. */
export function testEvents(rows: readonly EventRow[], settings: object, boot: object = {}): void {
  let table: Table | undefined;
  beforeAll(async () => {
    table = await startTable(rows, settings, boot);
  });
  afterAll(async () => {
    await table?.close();
  });

  test.each(rows)('$name', async (row) => {
    const { event, response, invocations } = await table!.run(row);
    expect({ invocations, status: response.statusCode }).toEqual({ invocations: 1, status: 200 });
    expect(event).toMatchObject(row.event ?? {});
    for (const path of row.absent ?? []) expect(event).not.toHaveProperty(path);
    const names = Object.keys({ ...event.headers, ...event.multiValueHeaders }).map((name) => name.toLowerCase());
    expect(names.filter((name) => row.headersAbsent?.includes(name))).toEqual([]);
    if (row.keys) expect(Object.keys(event as object).sort()).toEqual([...row.keys].sort());
  });
}
