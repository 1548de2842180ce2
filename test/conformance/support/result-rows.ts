import type { RawResponse } from '../../support/raw-client';
import { startTable, type Row, type Table } from './table';

/** What the client gets. */
export interface ExpectedAnswer {
  readonly status: number;
  /** Lines by name, in whatever spelling; an empty list: no such header. */
  readonly headers?: Readonly<Record<string, readonly string[]>>;
  /** Names as they are spelled on the wire. */
  readonly spelled?: readonly string[];
  /** Text, or bytes. */
  readonly body?: string | Buffer;
}

/** A fact about results. */
export interface ResultRow extends Row {
  readonly answer: ExpectedAnswer;
}

/** Declares one test for each row. */
export function testResults(rows: readonly ResultRow[], settings: object): void {
  let table: Table | undefined;
  beforeAll(async () => {
    table = await startTable(rows, settings);
  });
  afterAll(async () => {
    await table?.close();
  });

  test.each(rows)('$name', async (row) => {
    const { response, invocations } = await table!.run(row);
    expect(invocations).toBe(1);
    expectAnswer(response, row.answer);
  });
}

export function expectAnswer(response: RawResponse, expected: ExpectedAnswer): void {
  const headers = Object.keys(expected.headers ?? {}).map((name) => [name, response.all(name)]);
  expect({ status: response.statusCode, complete: response.complete, headers: Object.fromEntries(headers) }).toEqual({
    status: expected.status,
    complete: true,
    headers: expected.headers ?? {},
  });
  const spelled = response.headers.map(([name]) => name);
  expect((expected.spelled ?? []).filter((name) => !spelled.includes(name))).toEqual([]);
  if (typeof expected.body === 'string') expect(response.body.toString()).toBe(expected.body);
  else if (expected.body) expect(response.body.toString('hex')).toBe(expected.body.toString('hex'));
}
