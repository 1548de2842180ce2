import type { ServerResponse } from 'node:http';

/** An answer that is complete in memory. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** JSON text, or what a streaming handler wrote; nothing for an answer without a body. */
  readonly body?: string | Buffer;
}

/** Writes the answer, unless the client went away or was answered before. */
export function sendAnswer(response: ServerResponse, answer: HttpAnswer): void {
  if (response.destroyed || response.headersSent) return;
  const body = Buffer.from(answer.body ?? '');
  // A 204 must not have Content-Length: https://www.rfc-editor.org/rfc/rfc9110#section-8.6
  const length = answer.status === 204 ? {} : { 'Content-Length': body.length };
  response.writeHead(answer.status, { ...answer.headers, 'Content-Type': 'application/json', ...length });
  response.end(body);
}
