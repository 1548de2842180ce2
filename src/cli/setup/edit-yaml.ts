import type { Node, YAMLMap, YAMLSeq } from 'yaml';
import { Document, isCollection, isMap, isNode, isPair, isScalar, parseDocument, visit } from 'yaml';
import { UserError } from '../user-error';

/** A new entry of a map, or without a key of a list. */
export interface Addition {
  /** Keys that lead to the map or list; what is missing is made. */
  readonly path: readonly string[];
  readonly key?: string;
  readonly value: unknown;
}

interface Insertion {
  readonly offset: number;
  readonly lines: string;
}

/**
 * Adds entries to a text of YAML, or of JSON, which is YAML too. The library says where things stand, and text is only
 * put in between: every byte that was there stays, where writing the document anew would move comments and spaces.
 *
 * @throws UserError where the text is nothing that can be added to
 */
export function addEntries(text: string, additions: readonly Addition[]): string {
  const document = parseDocument(withoutVariables(text), { keepSourceTokens: true });
  const [error] = document.errors;
  if (error) throw new UserError(error.message.split('\n')[0] ?? '');
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  const insertions = additions
    .map((addition) => insertionOf(text, document.contents, addition))
    .sort((a, b) => a.offset - b.offset);
  const pieces = insertions.map(({ offset, lines }, index) => [
    text.slice(insertions[index - 1]?.offset ?? 0, offset),
    lines.replaceAll('\n', lineBreak),
  ]);
  return [...pieces.flat(), text.slice(insertions.at(-1)?.offset ?? 0)].join('');
}

/** `${VAR}` is the host's, replaced before YAML is read, and no YAML everywhere. Offsets stay as they are. */
function withoutVariables(text: string): string {
  return text.replace(/\$\{[^}\n]*\}/g, (variable) => 'v'.repeat(variable.length));
}

function insertionOf(text: string, root: Node | null, addition: Addition): Insertion {
  const { path, key, value } = addition;
  const entry = key === undefined ? [value] : { [key]: value };
  const [name, ...rest] = path;
  if (root === null || isEmpty(root)) {
    return intoEmpty(text, root, name === undefined ? entry : { [name]: nest(rest, entry) });
  }
  if (name === undefined) return intoCollection(text, root, entry);
  const pair = isMap(root) ? root.items.find((item) => isScalar(item.key) && item.key.value === name) : undefined;
  if (pair) return insertionOf(text, pair.value as Node | null, { ...addition, path: rest });
  return intoCollection(text, root, { [name]: nest(rest, entry) });
}

type Entry = readonly unknown[] | Readonly<Record<string, unknown>>;

function nest(path: readonly string[], entry: Entry): Entry {
  return path.reduceRight<Entry>((inner, name) => ({ [name]: inner }), entry);
}

function intoCollection(text: string, node: Node, entry: Entry): Insertion {
  if (!isCollection(node) || isMap(node) === Array.isArray(entry)) {
    throw new UserError(`there is something else where a ${Array.isArray(entry) ? 'list' : 'map'} belongs`);
  }
  return node.flow === true ? intoFlow(text, node, entry) : intoBlock(text, node, entry);
}

/** After the last entry, in its indentation; a new section of the file stands apart by an empty line. */
function intoBlock(text: string, node: YAMLMap | YAMLSeq, entry: Entry): Insertion {
  const indent = (node.srcToken as { readonly indent?: number } | undefined)?.indent ?? 0;
  const isSection = indent === 0 && isMap(node);
  return { offset: endOfLine(text, endOf(node)), lines: `${isSection ? '\n' : ''}${block(entry, indent)}` };
}

/** Below a key without a value, and below the comments that stand there in its place. */
function intoEmpty(text: string, node: Node | null, entry: Entry): Insertion {
  const at = node?.range?.[0] ?? text.trimEnd().length;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const indent = /^ */.exec(text.slice(lineStart))?.[0].length ?? 0;
  const comments = new RegExp(`[^\\r\\n]*(?:\\r?\\n {${indent + 1},}#[^\\r\\n]*)*`, 'y');
  comments.lastIndex = at;
  comments.test(text);
  return { offset: comments.lastIndex, lines: block(entry, node === null ? 0 : indent + 2) };
}

/** JSON, and YAML in its manner: on a line of its own where the last entry has one. */
function intoFlow(text: string, node: YAMLMap | YAMLSeq, entry: Entry): Insertion {
  const json = JSON.stringify(entry, null, 2).slice(1, -1).trim();
  const line = json.replaceAll(/\n */g, ' ');
  const last: unknown = node.items.at(-1);
  if (last === undefined) return { offset: startOf(node) + 1, lines: line };
  const start = startOf(isPair(last) ? last.key : last);
  const [, indent] = /\n([ \t]*)$/.exec(text.slice(startOf(node), start)) ?? [];
  const lines = indent === undefined ? `, ${line}` : `,\n${indent}${json.replaceAll(/\n {2}/g, `\n${indent}`)}`;
  return { offset: endOfLast(node), lines };
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

/** Where a node ends. A block's own end may be behind comments that belong to what follows. */
function endOf(node: Node): number {
  return isCollection(node) && node.flow !== true ? endOfLast(node) : (node.range?.[1] ?? 0);
}

function endOfLast({ items, range }: YAMLMap | YAMLSeq): number {
  const last = items.at(-1);
  if (!isPair(last)) return isNode(last) ? endOf(last) : (range?.[1] ?? 0);
  const { key, value } = last as { readonly key: Node; readonly value: Node | null };
  return value === null || isEmpty(value) ? (key.range?.[1] ?? 0) : endOf(value);
}

function isEmpty(node: Node): boolean {
  return isScalar(node) && node.value === null;
}

function endOfLine(text: string, offset: number): number {
  // A block scalar ends behind its line break.
  const end = text.slice(0, offset).trimEnd().length;
  const rest = /[^\r\n]*/.exec(text.slice(end))?.[0] ?? '';
  return end + rest.length;
}

/** The entry as lines of YAML, each with its line break in front. Lists of plain values stay on one line. */
function block(entry: Entry, indent: number): string {
  const document = new Document(entry);
  visit(document, {
    Seq: (key, list) => {
      list.flow = key !== null && list.items.every(isScalar);
    },
  });
  return document
    .toString({ singleQuote: true, flowCollectionPadding: false, lineWidth: 0 })
    .trimEnd()
    .split('\n')
    .map((line) => `\n${' '.repeat(indent)}${line}`)
    .join('');
}
