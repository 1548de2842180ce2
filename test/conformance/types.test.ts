import path from 'node:path';
import { APIGatewayProxyEventSchema, APIGatewayProxyEventV2Schema } from '@aws-lambda-powertools/parser/schemas';
import ts from 'typescript';
import { ROOT } from '../support/gateway-config';
import { rawRequest } from '../support/raw-client';
import { hostOf, script, startTable, type Row, type Table } from './support/table';

/** Requests whose events have every key that an event can have. */
const REQUESTS: readonly Omit<Row, 'source'>[] = [
  { name: 'anonymous', request: { target: '/plain' }, endpoint: { paths: '/plain', methods: 'GET' } },
  {
    name: 'queries, cookies and repeated headers',
    request: {
      target: '/q?a=1&a=2&b=&c',
      headers: [
        ['Cookie', 'a=1; b=2'],
        ['X-Twice', '1'],
        ['x-twice', '2'],
        ['User-Agent', 'types/1.0'],
      ],
    },
  },
  {
    name: 'text body, path parameters, stage variables',
    request: { method: 'POST', target: '/users/1/a/b', headers: [['Content-Type', 'text/plain']], body: 'x' },
    endpoint: { paths: '/users/:id/*' },
    settings: { stage: 'prod', stageVariables: { a: 'b' } },
  },
  {
    name: 'binary body',
    request: { method: 'PUT', headers: [['Content-Type', 'image/png']], body: Buffer.from([0, 255]) },
  },
  {
    name: 'a user with a key',
    before: [{ 'key-auth': null }],
  },
  {
    name: 'claims with scopes',
    before: [script('user', { value: { sub: 's1', exp: 1_700_000_000, aud: ['a', 'b'], scope: 'x y' } })],
  },
  {
    name: 'claims without scopes',
    before: [script('user', { value: { sub: 's1' } })],
  },
];

/**
 * The types by what an event is. Recorded events of REST APIs lack what the type wants: an authorizer, and the keys of
 * API keys and mTLS.
 */
const TYPES = {
  '1.0': `
    import type { APIGatewayProxyEvent } from 'aws-lambda';
    type Context = APIGatewayProxyEvent['requestContext'];
    type Lacking = 'apiKey' | 'apiKeyId' | 'clientCert';
    type Identity = Omit<Context['identity'], Lacking> & Partial<Pick<Context['identity'], Lacking>>;
    type Recorded = Omit<Context, 'authorizer' | 'identity'> & Partial<Pick<Context, 'authorizer'>>;
    type Event = Omit<APIGatewayProxyEvent, 'requestContext'> & { requestContext: Recorded & { identity: Identity } };`,
  '2.0': `
    import type { APIGatewayProxyEventV2 } from 'aws-lambda';
    type Event = APIGatewayProxyEventV2;`,
  lambda: `
    import type { APIGatewayProxyEventV2WithLambdaAuthorizer } from 'aws-lambda';
    type Event = APIGatewayProxyEventV2WithLambdaAuthorizer<{ principalId: string; username: string }>;`,
  jwt: `
    import type { APIGatewayProxyEventV2WithJWTAuthorizer } from 'aws-lambda';
    type Event = APIGatewayProxyEventV2WithJWTAuthorizer;`,
};

/** An event as it arrived, and the type it is to be of. */
interface TypedEvent {
  readonly type: keyof typeof TYPES;
  readonly event: unknown;
}

/** What the compiler says when each event, written out as a literal, is assigned to its type; by its number. */
function compile(events: readonly TypedEvent[]): readonly (readonly [index: number, message: string])[] {
  const files = new Map(
    events.map(({ type, event }, index) => [
      path.join(ROOT, 'test', 'conformance', `event-${index}.ts`),
      `${TYPES[type]}\nconst received = ${JSON.stringify(event)};\nexport const event: Event = received;\n`,
    ]),
  );
  const program = ts.createProgram([...files.keys()], COMPILER_OPTIONS, hostWith(files));
  const names = [...files.keys()];
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ file, messageText }) => [
      names.indexOf(file?.fileName ?? ''),
      ts.flattenDiagnosticMessageText(messageText, '\n'),
    ]);
}

const COMPILER_OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  types: [],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
};

/** The file system, with some files that are not there. */
function hostWith(files: ReadonlyMap<string, string>): ts.CompilerHost {
  const host = ts.createCompilerHost(COMPILER_OPTIONS);
  return {
    ...host,
    fileExists: (name) => files.has(name) || host.fileExists(name),
    readFile: (name) => files.get(name) ?? host.readFile(name),
    getSourceFile: (name, language, ...rest) => {
      const text = files.get(name);
      return text === undefined
        ? host.getSourceFile(name, language, ...rest)
        : ts.createSourceFile(name, text, language);
    },
  };
}

/** Creates a user and returns the header that names him. */
async function createUser(adminUrl: string): Promise<readonly [string, string]> {
  const post = async (resource: string, body: object): Promise<Record<string, string>> => {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${adminUrl}/${resource}`, { method: 'POST', headers, body: JSON.stringify(body) });
    return (await answer.json()) as Record<string, string>;
  };
  await post('users', { username: 'ann', firstname: 'Ann', lastname: 'Example' });
  const key = await post('credentials', { consumerId: 'ann', type: 'key-auth', credential: {} });
  return ['Authorization', `apiKey ${key.keyId ?? ''}:${key.keySecret ?? ''}`];
}

const rows = (['1.0', '2.0'] as const).flatMap((format) =>
  REQUESTS.map((row) => ({
    ...row,
    source: '@types/aws-lambda and @aws-lambda-powertools/parser',
    name: `${row.name}, ${format}`,
    format,
    settings: { payloadFormatVersion: format, ...row.settings },
  })),
);

describe('events are of the types that functions are written against', () => {
  let table: Table | undefined;
  let authorization: readonly [string, string];
  const received = new Map<string, unknown>();
  beforeAll(async () => {
    table = await startTable(rows, {});
    authorization = await createUser(table.gateway.adminUrl);
    for (const [index, row] of rows.entries()) {
      table.lambda.reset();
      const headers = [['Host', hostOf(index)] as const, authorization, ...(row.request?.headers ?? [])];
      const answer = await rawRequest(table.gateway, { ...row.request, headers });
      expect(answer.statusCode).toBe(200);
      received.set(row.name, table.lambda.last().event);
    }
  });
  afterAll(async () => {
    await table?.close();
  });

  test.each(rows)('$name: parses with the schema of Powertools', ({ name, format }) => {
    const schema = format === '1.0' ? APIGatewayProxyEventSchema : APIGatewayProxyEventV2Schema;
    expect(schema.safeParse(received.get(name)).error).toBeUndefined();
  });

  test('they compile as the types of @types/aws-lambda', () => {
    const special: Record<string, TypedEvent['type']> = {
      'a user with a key, 2.0': 'lambda',
      'claims with scopes, 2.0': 'jwt',
    };
    const typed = rows.map(({ name, format }) => ({ type: special[name] ?? format, event: received.get(name) }));
    const wrong: TypedEvent = { type: '2.0', event: { ...(received.get('anonymous, 2.0') as object), rawPath: 5 } };
    const messages = compile([...typed, wrong]);
    expect(messages.filter(([index]) => index !== typed.length)).toEqual([]);
    // The check itself is checked.
    expect(messages).toEqual([[typed.length, expect.stringContaining("Type 'number' is not assignable")]]);
  });

  test('the user that the key belongs to is in the events', () => {
    const authorizers = ['1.0', '2.0'].map(
      (format) => (received.get(`a user with a key, ${format}`) as { requestContext: object }).requestContext,
    );
    expect(authorizers).toMatchObject([
      { authorizer: { username: 'ann', principalId: expect.any(String) } },
      { authorizer: { lambda: { username: 'ann', principalId: expect.any(String) } } },
    ]);
  });
});
