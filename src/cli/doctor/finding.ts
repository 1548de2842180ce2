import { describeChain } from '../../errors/failure-line';
import type { LambdaProxyError } from '../../errors/lambda-proxy-error';
import { remedies } from '../../errors/remedies';
import type { Terminal } from '../terminal';

/** What a check came to, in one line. */
export interface Finding {
  readonly outcome: 'well' | 'failed' | 'not checked';
  readonly text: string;
}

const MARKS = {
  well: { mark: '✔', style: 'green' },
  failed: { mark: '✘', style: 'red' },
  'not checked': { mark: '–', style: 'yellow' },
} as const;

export const well = (text: string): Finding => ({ outcome: 'well', text });
export const failed = (text: string): Finding => ({ outcome: 'failed', text });
export const notChecked = (text: string): Finding => ({ outcome: 'not checked', text: `not checked: ${text}` });

/** A failed call, with what can be done about it. */
export function failedCall(what: string, error: LambdaProxyError): Finding {
  const cause = describeChain(error).replaceAll(/\s+/g, ' ');
  return failed(`${what}: ${error.code}: ${cause}. ${remedies[error.code].replaceAll('`', '')}`);
}

export function showFinding({ outcome, text }: Finding, terminal: Terminal): void {
  const { mark, style } = MARKS[outcome];
  terminal.print(`  ${terminal.style(style, mark)} ${text}`);
}
