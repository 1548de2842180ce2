import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { InvokeWithResponseStreamResponseEvent } from '@aws-sdk/client-lambda';
import { eventually, loggedLine } from '../../support/eventually';
import { payloadOf, rawRequest, readStream, startBench, textOf } from './support';
import type { Bench } from './support';

const path = (name: string): string => `/2021-11-15/functions/${name}/response-streaming-invocations`;
const prelude = '{"statusCode":201,"headers":{"X-A":"ü"},"cookies":["a=b"]}\0\0\0\0\0\0\0\0';

describe('InvokeWithResponseStream', () => {
  let bench: Bench;
  let scratch: string;

  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), 'local-lambda-'));
    bench = await startBench();
  });

  afterAll(async () => {
    await bench.close();
    rmSync(scratch, { recursive: true });
  });

  describe('answers', () => {
    test('with the head of the API', async () => {
      const answer = await rawRequest(bench.server.url, { path: path('streaming:7'), body: '{"how":"hello"}' });
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'content-type': 'application/vnd.amazon.eventstream',
        'x-amz-executed-version': '7',
        'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
        'transfer-encoding': 'chunked',
      });
    });

    test('as the SDK reads it', async () => {
      const output = await bench.sendStream({ FunctionName: 'streaming' }, { how: 'hello' });
      expect(output).toMatchObject({
        StatusCode: 200,
        ExecutedVersion: '$LATEST',
        ResponseStreamContentType: 'application/vnd.amazon.eventstream',
      });
      expect(textOf(await readStream(output))).toBe('Hello, wörld');
    });

    test('204 to a DryRun, and does not run the function', async () => {
      const own = await startBench();
      const output = await own.sendStream({ FunctionName: 'streaming', InvocationType: 'DryRun' }, { how: 'hello' });
      expect(output.StatusCode).toBe(204);
      expect(textOf(await own.stream('streaming', { how: 'calls' }))).toBe('1');
      await own.close();
    });

    test('400 to an Event, which the operation does not have', async () => {
      const headers = { 'X-Amz-Invocation-Type': 'Event' };
      const answer = await rawRequest(bench.server.url, { path: path('streaming'), headers });
      expect(answer.status).toBe(400);
      expect(answer.headers['x-amzn-errortype']).toBe('InvalidParameterValueException');
    });

    test('404 when there is no such function', async () => {
      await expect(bench.stream('no-such-function')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });

    test('with the log, when asked for', async () => {
      const output = await bench.sendStream({ FunctionName: 'streaming', LogType: 'Tail' }, { how: 'logs' });
      const { chunks, complete } = await readStream(output);
      expect(Buffer.concat(chunks).toString()).toBe('streamed');
      expect(complete).toEqual({ LogResult: expect.any(String) });
      expect(Buffer.from(complete?.LogResult ?? '', 'base64').toString()).toMatch(
        /^START .*\n.*\tINFO\twritten to the log\nEND .*\nREPORT .*\n$/,
      );
    });
  });

  describe('hands on', () => {
    test('each piece when it is written', async () => {
      const file = join(scratch, 'second');
      const output = await bench.sendStream({ FunctionName: 'streaming' }, { how: 'waitsForFile', file });
      const events = output.EventStream![Symbol.asyncIterator]();
      const next = async (): Promise<InvokeWithResponseStreamResponseEvent> => (await events.next()).value;
      expect(Buffer.from((await next()).PayloadChunk!.Payload!).toString()).toBe('first');
      // Only this lets the function go on.
      writeFileSync(file, '');
      expect(Buffer.from((await next()).PayloadChunk!.Payload!).toString()).toBe('second');
      expect((await next()).InvokeComplete).toEqual({});
      expect((await events.next()).done).toBe(true);
    });

    test('every byte of binary data, NULs too', async () => {
      const { chunks } = await bench.stream('streaming', { how: 'binary', repeat: 1 });
      expect(chunks).toEqual([Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))]);
    });

    test('a write of 3 MB, in pieces', async () => {
      const { chunks, complete } = await bench.stream('streaming', { how: 'binary', repeat: 12_288 });
      expect(complete).toEqual({});
      expect(Math.max(...chunks.map(({ length }) => length))).toBe(65_536);
      const all = Buffer.concat(chunks);
      expect(all).toHaveLength(3 * 2 ** 20);
      expect(all.every((byte, index) => byte === index % 256)).toBe(true);
    });

    test('many small pieces, one by one', async () => {
      const { chunks } = await bench.stream('streaming', { how: 'small', count: 5000 });
      expect(chunks.map(String)).toEqual(Array.from({ length: 5000 }, (_, index) => `${index};`));
    });

    test('a pipeline', async () => {
      const text = textOf(await bench.stream('streaming', { how: 'pipeline', count: 20_000 }));
      expect(text).toBe(Array.from({ length: 20_000 }, (_, index) => `line ${index}\n`).join(''));
    });

    test('nothing of an empty stream', async () => {
      expect(await bench.stream('streaming', { how: 'empty' })).toEqual({ chunks: [], complete: {} });
    });

    test('an object as JSON', async () => {
      expect(textOf(await bench.stream('streaming', { how: 'object' }))).toBe('{"a":1}');
    });

    test('what is written after the handler returned', async () => {
      expect(textOf(await bench.stream('streaming', { how: 'returnsEarly' }))).toBe('later');
    });

    test('the whole result of a handler that does not stream, in one piece', async () => {
      const { chunks, complete } = await bench.stream('plain-cjs', 'x'.repeat(3_000_000));
      expect(complete).toEqual({});
      expect(chunks).toHaveLength(1);
      expect(JSON.parse(String(chunks[0]))).toEqual({ cjs: 'x'.repeat(3_000_000) });
    });
  });

  describe('gives the handler', () => {
    test('the event and a context without methods that end it', async () => {
      const { event, context, remaining } = JSON.parse(textOf(await bench.stream('streaming', { how: 'context' })));
      expect(event).toEqual({ how: 'context' });
      expect(context).toMatchObject({ functionName: 'streaming', callbackWaitsForEmptyEventLoop: true });
      expect(context).not.toHaveProperty('succeed');
      expect(remaining).toBeGreaterThan(0);
    });

    test('the high-water mark it asks for, in an ES module as well', async () => {
      const text = textOf(await bench.stream('streaming-esm', { a: 1 }));
      expect(JSON.parse(text)).toEqual({ event: { a: 1 }, highWaterMark: 12_345 });
    });

    test('the environment of the invocation before', async () => {
      const own = await startBench();
      for (const calls of ['1', '2', '3']) {
        expect(textOf(await own.stream('streaming', { how: 'calls' }))).toBe(calls);
      }
      await own.close();
    });
  });

  describe('HttpResponseStream', () => {
    test('puts the metadata and eight NULs before the first piece', async () => {
      expect(textOf(await bench.stream('streaming', { how: 'metadata' }))).toBe(`${prelude}body`);
    });

    test('does so in a pipeline', async () => {
      expect(textOf(await bench.stream('streaming', { how: 'pipelineOfMetadata' }))).toBe(`${prelude}piped`);
    });

    test.each([undefined, 'chunk'])('sends none when only end(%j) is called, as the runtime does', async (chunk) => {
      expect(textOf(await bench.stream('streaming', { how: 'metadataAlone', chunk }))).toBe(chunk ?? '');
    });
  });

  describe('reports in InvokeComplete', () => {
    test.each([
      ['throws', '', 'RangeError', 'midway'],
      ['throws', 'before', 'RangeError', 'midway'],
      ['pipelineFails', 'before', 'RangeError', 'source broke'],
      ['uncaught', 'before', 'RangeError', 'thrown later'],
      ['neverEnds', 'before', 'Error', 'Response stream is not finished.'],
      ['destroys', '', 'Error', 'Premature close'],
      ['notAsync', 'done', 'Error', 'Streaming does not support non-async handlers.'],
      ['lateContentType', 'x', 'Runtime.InvalidStreamingOperation', 'Cannot set content-type, too late.'],
    ])('%s after "%s": %s: %s', async (how, before, errorType, errorMessage) => {
      const { chunks, complete } = await bench.stream('streaming', { how, before });
      expect(Buffer.concat(chunks).toString()).toBe(before);
      expect(complete).toEqual({ ErrorCode: errorType, ErrorDetails: expect.any(String) });
      expect(JSON.parse(complete?.ErrorDetails ?? '')).toMatchObject({ errorType, errorMessage });
    });

    test('an error behind 4 MB that were written before it', async () => {
      const { chunks, complete } = await bench.stream('streaming', { how: 'throwsBehindBacklog' });
      expect(Buffer.concat(chunks)).toHaveLength(64 * 65_536);
      expect(complete?.ErrorCode).toBe('RangeError');
    });

    test.each([
      ['exits', 'Runtime.ExitError', /Runtime exited with error: exit status 3$/],
      ['neverSettles', 'Runtime.NodeJsExit', /unexpected Node\.js exit code/],
    ])('that the function %s', async (how, errorType, errorMessage) => {
      const { chunks, complete } = await bench.stream('streaming', { how });
      expect(chunks.map(String)).toEqual(['before']);
      expect(complete?.ErrorCode).toBe(errorType);
      expect(JSON.parse(complete?.ErrorDetails ?? '').errorMessage).toMatch(errorMessage);
    });

    test.each(['hangs', 'spins'])('the timeout of a function that %s', async (how) => {
      const own = await startBench({ timeout: 5 });
      const output = await own.sendStream({ FunctionName: 'streaming', LogType: 'Tail' }, { how });
      const { chunks, complete } = await readStream(output);
      expect(chunks.map(String)).toEqual(['before']);
      expect(complete?.ErrorCode).toBe('Sandbox.Timedout');
      expect(JSON.parse(complete?.ErrorDetails ?? '')).toEqual({
        errorType: 'Sandbox.Timedout',
        errorMessage: `RequestId: ${output.$metadata.requestId ?? ''} Error: Task timed out after 5.00 seconds`,
      });
      expect(Buffer.from(complete?.LogResult ?? '', 'base64').toString()).toContain('Task timed out');
      await own.close();
    });

    test.each([
      ['missing-import', {}, 'Runtime.ImportModuleError'],
      ['failing', { how: 'error' }, 'TeapotError'],
      ['failing', { how: 'tooLarge' }, 'Function.ResponseSizeTooLarge'],
    ])('an error of %s %j, before anything was written', async (name, event, errorType) => {
      const { chunks, complete } = await bench.stream(name, event);
      expect(chunks).toEqual([]);
      expect(complete?.ErrorCode).toBe(errorType);
    });
  });

  describe('a reader', () => {
    test('who stops stops the function, and gets everything later', async () => {
      const file = join(scratch, 'stalled');
      const bytes = 128 * 2 ** 20;
      const output = await bench.sendStream({ FunctionName: 'streaming' }, { how: 'stalls', bytes, file });
      const events = output.EventStream![Symbol.asyncIterator]();
      await events.next();
      await eventually(() => existsSync(file));
      // 256 KB of the server's own (execution-environment.test.ts has it exactly) and what the system keeps for two sockets:
      // mostly 5 MB, but 17 MB were seen, for a receive buffer may grow to 32 MB (net.ipv4.tcp_rmem).
      expect(Number(readFileSync(file, 'utf8'))).toBeLessThan(bytes);
      let size = 65_536;
      for (let next = await events.next(); !next.done; next = await events.next()) {
        size += next.value.PayloadChunk?.Payload?.length ?? 0;
      }
      expect(size).toBe(bytes);
    });

    test('who goes away is told to the function by an error of its stream', async () => {
      const file = join(scratch, 'gone');
      const own = await startBench({ maxConcurrency: 1 });
      const controller = new AbortController();
      const output = await own.sendStream({ FunctionName: 'streaming' }, { how: 'watches', file }, controller.signal);
      const events = output.EventStream![Symbol.asyncIterator]();
      await events.next();
      controller.abort();
      await expect(events.next()).rejects.toThrow();
      await eventually(() => existsSync(file));
      expect(readFileSync(file, 'utf8')).toBe('ECONNRESET: The caller is gone');
      // The only environment is free again, and the same.
      expect(textOf(await own.stream('streaming', { how: 'calls' }))).toBe('2');
      await own.close();
    });

    test('who goes away stops an endless pipeline', async () => {
      const own = await startBench({ maxConcurrency: 1 });
      const output = await own.sendStream({ FunctionName: 'streaming' }, { how: 'floods' });
      for await (const event of output.EventStream!) {
        expect(event.PayloadChunk?.Payload).toHaveLength(65_536);
        break;
      }
      // The SDK leaves the connection open when its iteration is broken off.
      own.client.destroy();
      const next = await rawRequest(own.server.url, { path: path('streaming'), body: '{"how":"calls"}' });
      expect(next.text).toContain('2');
      await own.close();
    });

    test('who goes away before the function begins changes nothing for the next', async () => {
      const log: string[] = [];
      const own = await startBench({ maxConcurrency: 1, log: (line) => log.push(line) });
      const file = join(scratch, 'release');
      const running = own.stream('streaming', { how: 'waitsForFile', file });
      // Two connections: the second call must not be there first.
      await loggedLine(log, 0, /START/);
      const controller = new AbortController();
      const waiting = own.sendStream({ FunctionName: 'streaming' }, { how: 'floods' }, controller.signal);
      const left = expect(waiting).rejects.toThrow();
      await sleep(100);
      controller.abort();
      await left;
      writeFileSync(file, '');
      expect(textOf(await running)).toBe('firstsecond');
      expect(textOf(await own.stream('streaming', { how: 'calls' }))).toMatch(/^[23]$/);
      await own.close();
    });
  });

  describe('close', () => {
    test('breaks off what streams, for readers who read and for those who do not', async () => {
      const own = await startBench();
      const outputs = await Promise.all(
        Array.from({ length: 6 }, () => own.sendStream({ FunctionName: 'streaming' }, { how: 'floods' })),
      );
      const reads = outputs.slice(3).map(readStream);
      const ended = Promise.allSettled(reads);
      await sleep(100);
      await own.server.close();
      expect((await ended).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
      await own.close();
    });
  });
});

describe('a streaming handler behind Invoke', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await startBench();
  });

  afterAll(() => bench.close());

  const invoke = async (event: unknown): Promise<Buffer> => {
    const output = await bench.send({ FunctionName: 'streaming', Payload: Buffer.from(JSON.stringify(event)) });
    expect(output.FunctionError).toBeUndefined();
    return Buffer.from(output.Payload ?? []);
  };

  test('is answered with all that it wrote', async () => {
    expect((await invoke({ how: 'metadata' })).toString()).toBe(`${prelude}body`);
    expect(await invoke({ how: 'binary', repeat: 12_288 })).toHaveLength(3 * 2 ** 20);
  });

  test('is answered with its error only', async () => {
    const Payload = Buffer.from('{"how":"throws","before":"x"}');
    const output = await bench.send({ FunctionName: 'streaming', Payload });
    expect(output.FunctionError).toBe('Unhandled');
    expect(payloadOf(output)).toMatchObject({ errorType: 'RangeError', errorMessage: 'midway' });
  });

  test('may write 6 MB and no more', async () => {
    const Payload = Buffer.from('{"how":"binary","repeat":24577}');
    const output = await bench.send({ FunctionName: 'streaming', Payload });
    expect(output.FunctionError).toBe('Unhandled');
    expect(payloadOf(output).errorType).toBe('Function.ResponseSizeTooLarge');
  });
});
