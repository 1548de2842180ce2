import type { InvocationSummary } from '../../local-lambda';

/** `14:05:09 hello ok 12 ms 64 MB`; a failed one with its error. */
export function invocationLine({ functionName, error, report }: InvocationSummary, at: Date): string {
  const parts = [
    at.toTimeString().slice(0, 8),
    functionName,
    error === undefined ? 'ok' : 'failed',
    ...(report ? [`${Math.round(report.durationMs)} ms`] : []),
    ...(report?.initDurationMs === undefined ? [] : [`(+ ${Math.round(report.initDurationMs)} ms to load)`]),
    ...(report?.memoryUsed === undefined ? [] : [`${Math.ceil(report.memoryUsed / 2 ** 20)} MB`]),
    ...(error === undefined ? [] : [describeError(error)]),
  ];
  return parts.join('  ');
}

/** Errors come as JSON text of the function's own making. */
function describeError(payload: string): string {
  try {
    const { errorType, errorMessage } = (JSON.parse(payload) ?? {}) as Readonly<Record<string, unknown>>;
    const parts = [errorType, errorMessage].filter((part) => typeof part === 'string' && part !== '');
    return parts.length > 0 ? parts.join(': ').replaceAll(/\s*\n\s*/g, ' ') : payload;
  } catch {
    return payload;
  }
}

/** What the platform writes around an invocation; `invocationLine` says it shorter. */
const PLATFORM_LINE = /^(?:START|END|REPORT) RequestId: /;

/** `<time> TAB <request id> TAB <level> TAB <text>`, as Lambda's runtime writes what goes to the console. */
const CONSOLE_LINE = /^\d{4}-\S+Z\t[^\t]+\t([A-Z]+)\t/;

/** An error at the end of a line, as the runtime writes it: in JSON, its stack a list. */
const ERROR_AT_END = /^(.*?)\s*\t(\{"errorType".*\})$/s;

/**
 * A line of the local Lambda's log, `[name] text`, as it is shown: indented, without time and request id, the stack of an
 * error in lines. Undefined for what the line of the invocation says.
 */
export function logLine(line: string): string | undefined {
  const [, name, text = ''] = /^\[([^\]]+)\] (.*)$/s.exec(line) ?? [];
  if (name === undefined) return line;
  if (PLATFORM_LINE.test(text)) return undefined;
  const [, title, json] = ERROR_AT_END.exec(text) ?? [];
  const lines = title === undefined || json === undefined ? [text] : [title, ...stackOf(json)];
  return lines.map((shown) => `    ${name} | ${shown.replace(CONSOLE_LINE, '$1 ')}`).join('\n');
}

function stackOf(json: string): readonly string[] {
  try {
    const { stack } = JSON.parse(json) as { readonly stack?: unknown };
    return Array.isArray(stack) ? stack.map(String) : [json];
  } catch {
    return [json];
  }
}
