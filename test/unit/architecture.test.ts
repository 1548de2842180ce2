import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const ROOT = path.join(__dirname, '../..');

interface Import {
  readonly from: string;
  /** A path below the root without extension, or the name of a package. */
  readonly to: string;
  /** Gone after compilation. */
  readonly isTypeOnly: boolean;
}

const sourceFiles = [
  'manifest.ts',
  ...readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(?:ts|js)$/.test(file))
    .map((file) => path.posix.join('src', file.split(path.sep).join('/'))),
];

const parsed = sourceFiles.map((file) =>
  ts.createSourceFile(file, readFileSync(path.join(ROOT, file), 'utf8'), ts.ScriptTarget.Latest, true),
);

const imports = parsed.flatMap((source) => importsOf(source, source));

/** Every way in which a file can name another one. */
function importsOf(node: ts.Node, source: ts.SourceFile): readonly Import[] {
  const named = moduleNameOf(node);
  const own =
    named === undefined
      ? []
      : [{ from: source.fileName, to: resolve(source.fileName, named.name), isTypeOnly: named.isTypeOnly }];
  return [...own, ...node.getChildren(source).flatMap((child) => importsOf(child, source))];
}

function moduleNameOf(node: ts.Node): { readonly name: string; readonly isTypeOnly: boolean } | undefined {
  if (ts.isImportDeclaration(node)) return literal(node.moduleSpecifier, isTypeOnlyClause(node.importClause));
  if (ts.isExportDeclaration(node)) return literal(node.moduleSpecifier, node.isTypeOnly);
  if (ts.isExternalModuleReference(node)) return literal(node.expression, false);
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) return literal(node.argument.literal, true);
  if (ts.isCallExpression(node) && /^(?:import|require)$/.test(node.expression.getText()))
    return literal(node.arguments[0], false);
  return undefined;
}

function isTypeOnlyClause(clause: ts.ImportClause | undefined): boolean {
  return clause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function literal(node: ts.Node | undefined, isTypeOnly: boolean): { name: string; isTypeOnly: boolean } | undefined {
  return node && ts.isStringLiteralLike(node) ? { name: node.text, isTypeOnly } : undefined;
}

function resolve(from: string, name: string): string {
  return name.startsWith('.') ? path.posix.join(path.posix.dirname(from), name).replace(/\.(?:ts|js)$/, '') : name;
}

/** What may import what: a directory those with a higher number. */
const LAYERS: Readonly<Record<string, number>> = {
  cli: 0,
  manifest: 0,
  express: 1,
  'local-function-urls': 1,
  policies: 2,
  options: 3,
  upstreams: 4,
  formats: 5,
  aws: 5,
  observability: 6,
  http: 7,
  errors: 8,
};

/** Types of the host only, and a program of its own. */
const BESIDE_THE_LAYERS = ['host', 'local-lambda'];

const directoryOf = (file: string): string =>
  file.startsWith('src/') ? (file.split('/')[1] ?? '') : file.replace(/\.ts$/, '');
const isOwn = (to: string): boolean => to.startsWith('src/');

const shown = ({ from, to }: Import): string => `${from} imports ${to}`;
const offending = (test: (found: Import) => boolean): readonly string[] => imports.filter(test).map(shown);

test('the imports are found', () => {
  expect(imports.map(shown)).toEqual(
    expect.arrayContaining([
      'manifest.ts imports src/policies/lambda-proxy',
      'src/formats/v1.ts imports uuid',
      'src/http/write-response.ts imports node:http',
    ]),
  );
  expect(imports.filter(({ isTypeOnly }) => isTypeOnly).map(shown)).toContain(
    'src/http/write-response.ts imports node:http',
  );
  expect(imports.filter(({ isTypeOnly }) => !isTypeOnly).map(shown)).toContain('src/formats/v1.ts imports uuid');
});

test('every directory has a place', () => {
  const directories = [...new Set(sourceFiles.map(directoryOf))].sort();
  expect(directories).toEqual([...Object.keys(LAYERS), ...BESIDE_THE_LAYERS].sort());
});

test('a layer imports its own files and those of lower layers; types are free', () => {
  const wrong = offending(({ from, to, isTypeOnly }) => {
    const [source, target] = [directoryOf(from), directoryOf(to)];
    if (isTypeOnly || !isOwn(to) || source === target || startsLocalLambda({ from, to })) return false;
    return !((LAYERS[source] ?? Infinity) < (LAYERS[target] ?? -Infinity));
  });
  expect(wrong).toEqual([]);
});

test('the types of the host are types: nothing of them is there at run time', () => {
  expect(offending(({ from, isTypeOnly }) => directoryOf(from) === 'host' && !isTypeOnly)).toEqual([]);
  expect(offending(({ to, isTypeOnly }) => directoryOf(to) === 'host' && !isTypeOnly)).toEqual([]);
});

test('nothing imports the host itself', () => {
  expect(offending(({ to }) => /^express-gateway(?:\/|$)/.test(to))).toEqual([]);
});

test('the SDK is known to aws and upstreams only', () => {
  const isSdk = (to: string): boolean => /^@(?:aws-sdk|smithy)\//.test(to);
  expect(offending(({ from, to }) => isSdk(to) && !['aws', 'upstreams'].includes(directoryOf(from)))).toEqual([]);
  expect(offending(({ to }) => isSdk(to))).not.toEqual([]);
});

/** The command runs it, and its function URLs are this very plugin in front of it. */
const startsLocalLambda = ({ from, to }: Pick<Import, 'from' | 'to'>): boolean =>
  ['cli', 'local-function-urls'].includes(directoryOf(from)) && directoryOf(to) === 'local-lambda';

test('the local Lambda is a program of its own: only what starts it imports it, and it imports nothing of the plugin', () => {
  const crosses = (found: Import): boolean =>
    isOwn(found.to) &&
    (directoryOf(found.from) === 'local-lambda') !== (directoryOf(found.to) === 'local-lambda') &&
    !startsLocalLambda(found);
  expect(offending(crosses)).toEqual([]);
});

test('what a file exports is named: no `export *`', () => {
  const stars = parsed.flatMap((source) =>
    source.statements
      .filter((statement) => ts.isExportDeclaration(statement) && statement.exportClause === undefined)
      .map((statement) => `${source.fileName}: ${statement.getText()}`),
  );
  expect(stars).toEqual([]);
});

interface Manifest {
  readonly publishConfig: unknown;
  readonly main: string;
  readonly types: string;
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly files: readonly string[];
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly peerDependencies: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta: Readonly<Record<string, { readonly optional: boolean }>>;
}

interface LockedPackage {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
  readonly engines?: { readonly node?: string };
}

const readJson = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'));

describe('package.json', () => {
  const manifest = readJson('package.json') as Manifest;

  test('every package that the code imports is a dependency, and every dependency is imported', () => {
    const packages = imports
      .filter(({ to }) => !isOwn(to) && !to.startsWith('node:'))
      .map(({ to, isTypeOnly }) => ({ name: /^(?:@[^/]+\/)?[^/]+/.exec(to)?.[0] ?? to, isTypeOnly }));
    const atRunTime = packages.filter(({ isTypeOnly }) => !isTypeOnly).map(({ name }) => name);
    expect(atRunTime.filter((name) => !(name in manifest.dependencies))).toEqual([]);
    const known = new Set(packages.map(({ name }) => name));
    expect(Object.keys(manifest.dependencies).filter((name) => !known.has(name))).toEqual([]);
  });

  test('the host is a peer that an Express app can do without, and there to develop with', () => {
    expect(manifest.peerDependencies['express-gateway']).toBe(manifest.devDependencies['express-gateway']);
    expect(manifest.peerDependencies['express-gateway']).toMatch(/^\^1\.16\./);
    expect(manifest.peerDependenciesMeta['express-gateway']).toEqual({ optional: true });
    expect(manifest.dependencies).not.toHaveProperty('express-gateway');
  });

  test('it is published with provenance, where npm can attest it', () => {
    expect(manifest.publishConfig).toEqual({ access: 'public', provenance: true });
    expect(readFileSync(path.join(ROOT, '.github/workflows/publish.yml'), 'utf8')).toMatch(/^ {2}id-token: write$/m);
    expect(readFileSync(path.join(ROOT, '.circleci/config.yml'), 'utf8')).not.toContain('npm publish');
  });

  test('no dependency needs a newer Node', () => {
    const own = minimumOf(manifest.engines.node);
    const locked = (readJson('package-lock.json') as { packages: Readonly<Record<string, LockedPackage>> }).packages;
    const installed = Object.entries(locked).filter(
      ([name, { dev, devOptional, peer }]) => name !== '' && !(dev ?? devOptional ?? peer ?? false),
    );
    expect(installed.map(([name]) => name)).toEqual(
      expect.arrayContaining(Object.keys(manifest.dependencies).map((name) => `node_modules/${name}`)),
    );
    const tooNew = installed.flatMap(([name, { engines }]) =>
      engines?.node !== undefined && compare(minimumOf(engines.node), own) > 0 ? [`${name} needs ${engines.node}`] : [],
    );
    expect(tooNew).toEqual([]);
  });

  test('what it ships and points at is the build', () => {
    expect(manifest.files).toContain('dist');
    const entries = Object.values(manifest.exports).filter((target) => typeof target === 'object');
    // The host's command asks for `main` by its path; Node and TypeScript ask `exports`.
    expect(entries[0]).toEqual({ types: `./${manifest.types}`, default: `./${manifest.main}` });
    expect(manifest.exports['./package.json']).toBe('./package.json');
    for (const entry of entries) {
      expect(entry.default).toMatch(/^\.\/dist\//);
      expect(entry.types).toBe(entry.default.replace(/\.js$/, '.d.ts'));
      // The build puts every source below `dist` under its own path.
      expect(sourceFiles).toContain(entry.default.replace(/^\.\/dist\/(.*)\.js$/, '$1.ts'));
    }
    const missing = existsSync(path.join(ROOT, 'dist'))
      ? entries.flatMap(Object.values<string>).filter((file) => !existsSync(path.join(ROOT, file)))
      : [];
    expect(missing).toEqual([]);
  });
});

/**
 * The version from which on a range has no gaps: of `>=20.19`, or of the last part of `^16 || ^18 || >=20`. No other form
 * is understood, so that none is taken for one of these.
 */
function minimumOf(range: string): readonly number[] {
  const [, version] = /^(?:\^\d+(?:\.\d+){0,2}\s*\|\|\s*)*>=\s*(\d+(?:\.\d+){0,2})$/.exec(range) ?? [];
  if (version === undefined) throw new Error(`Not a minimum: ${range}`);
  return version.split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const differences = [0, 1, 2].map((i) => (a[i] ?? 0) - (b[i] ?? 0));
  return differences.find((difference) => difference !== 0) ?? 0;
}
