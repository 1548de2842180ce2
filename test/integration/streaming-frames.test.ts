import { invokeComplete, payloadChunk } from '../support/event-stream';
import type { FrameStep, LambdaScript, RecordedInvocation } from '../support/lambda-endpoint';
import { rawRequest, type RawResponse } from '../support/raw-client';
import { type Stack, startStack } from '../support/stack';

const METADATA = '{"statusCode":201,"headers":{"X-U":"u"},"cookies":["a=1","b=2"]}';
const BODY = 'ein Stück, {"a":1}\0\0\0\0\0\0\0\0 und noch eins';
const PAYLOAD = Buffer.from(`${METADATA}${'\0'.repeat(8)}${BODY}`);

/** One answer as Lambda sends it: the metadata, the body in two pieces, the end. */
const FRAMES = [payloadChunk(PAYLOAD.subarray(0, 85)), payloadChunk(PAYLOAD.subarray(85)), invokeComplete()];
const ANSWER = Buffer.concat(FRAMES);

/** Requests that are under way at the same time. */
const LANES = 8;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack({ cut: { action: { invokeMode: 'RESPONSE_STREAM' } } });
});
afterAll(() => stack.close());

/** Asks once for each of the places; `script` makes the answer for one of them. */
async function answers(
  places: readonly number[],
  script: (place: number) => LambdaScript,
): Promise<Map<number, RawResponse | undefined>> {
  stack.lambda.respondWith(({ event }: RecordedInvocation) => script(Number(event.queryStringParameters.place)));
  const results = new Map<number, RawResponse | undefined>();
  const remaining = [...places];
  const lane = async (): Promise<void> => {
    for (let place = remaining.pop(); place !== undefined; place = remaining.pop()) {
      // A connection that is broken off together with the head gives no answer at all.
      results.set(place, await rawRequest(stack.gateway, { target: `/cut?place=${place}` }).catch(() => undefined));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

/**
 * Each piece is a chunk of the HTTP answer and a write of its own, a turn of the event loop after the one before: the
 * client's parser hands every chunk on by itself, however many of them the system puts into one packet.
 */
const inPieces = (...pieces: readonly Uint8Array[]): LambdaScript => ({
  stream: pieces.filter(({ length }) => length > 0).flatMap((bytes): FrameStep[] => [{ bytes }, { pauseMs: 0 }]),
});

const places = (count: number, from = 0): number[] => Array.from({ length: count }, (_, index) => from + index);

function expectWhole(response: RawResponse | undefined): void {
  expect(response).toMatchObject({ statusCode: 201, complete: true });
  expect(response?.body.toString()).toBe(BODY);
  expect([response?.all('x-u'), response?.all('set-cookie')]).toEqual([['u'], ['a=1', 'b=2']]);
}

test('the answer is the same wherever its bytes are cut in two', async () => {
  const results = await answers(places(ANSWER.length), (at) => inPieces(ANSWER.subarray(0, at), ANSWER.subarray(at)));
  expect(results.size).toBe(ANSWER.length);
  results.forEach(expectWhole);
});

test('the answer is the same in pieces of any size', async () => {
  const results = await answers(places(16, 1), (size) =>
    inPieces(
      ...places(Math.ceil(ANSWER.length / size)).map((piece) => ANSWER.subarray(piece * size, (piece + 1) * size)),
    ),
  );
  results.forEach(expectWhole);
});

test('the answer is the same wherever the function cuts its own output, empty pieces too', async () => {
  const results = await answers(places(PAYLOAD.length + 1), (at) => ({
    stream: [{ chunk: PAYLOAD.subarray(0, at) }, { pauseMs: 0 }, { chunk: PAYLOAD.subarray(at) }, { complete: {} }],
  }));
  results.forEach(expectWhole);
  const bytewise = [...PAYLOAD].map((byte): FrameStep => ({ chunk: Uint8Array.of(byte) }));
  const [response] = (await answers([0], () => ({ stream: [...bytewise, { complete: {} }] }))).values();
  expectWhole(response);
});

test('an answer that stops anywhere before its end never ends cleanly', async () => {
  const results = await answers(places(ANSWER.length), (length) => inPieces(ANSWER.subarray(0, length)));
  expect(results.size).toBe(ANSWER.length);
  const outcomes = [...results].map(([length, response]) => [length, outcomeOf(response)] as const);
  expect(outcomes.filter(([, outcome]) => outcome === 'whole')).toEqual([]);
  // Until the delimiter is there nothing has been sent, and the error can still be told.
  const headAt = FRAMES[0]!.length;
  expect(outcomes.filter(([length, outcome]) => length < headAt !== (outcome === 'error'))).toEqual([]);
});

test('an answer of which any byte was changed never ends cleanly', async () => {
  const results = await answers(places(ANSWER.length), (at) => {
    const bytes = Buffer.from(ANSWER);
    bytes[at]! ^= 1;
    return inPieces(bytes);
  });
  expect(results.size).toBe(ANSWER.length);
  const outcomes = [...results].map(([at, response]) => [at, outcomeOf(response)] as const);
  expect(outcomes.filter(([, outcome]) => outcome === 'whole')).toEqual([]);
});

function outcomeOf(response: RawResponse | undefined): 'whole' | 'error' | 'broken off' {
  if (!response?.complete) return 'broken off';
  return response.statusCode === 500 && response.body.toString() === '{"message": "Internal server error"}'
    ? 'error'
    : 'whole';
}
