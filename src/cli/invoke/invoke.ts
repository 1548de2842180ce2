import type { PayloadFormat } from '../../formats/payload-format';
import type { Logger } from '../../host/express-gateway';
import { formatOf, selectUpstream } from '../../upstreams';
import type { Arguments } from '../arguments';
import type { ExitStatus } from '../command';
import { EXIT } from '../command';
import type { Terminal } from '../terminal';
import { UserError } from '../user-error';
import { openOutput, saveBody, showBody, showHead } from './answer';
import { exchange } from './exchange';
import { describeFailure } from './failure';
import { readEvent, readTypedRequest } from './request';
import { defaultPath } from './route';
import { findTarget } from './target';

/** Makes one call, and shows what went there and what came back. */
export async function run(args: Arguments, terminal: Terminal): Promise<ExitStatus> {
  if (args.operand === undefined) throw new UserError('name a function, an apiEndpoint or a pipeline');
  const event = await readEvent(args, terminal.input);
  const target = findTarget(args.operand, readOverrides(args), args);
  const request = readTypedRequest(args, defaultPath(target.endpoint));
  const file = args.text('output');
  const output = file === undefined ? undefined : await openOutput(file);
  const failures: string[] = [];
  const logger = commandLogger(terminal, failures);
  terminal.print(terminal.style('dim', target.description));
  const upstream = selectUpstream(target.options, logger, shown(formatOf(target.options), event, terminal));
  try {
    await exchange(target, request, upstream, logger, async (answer) => {
      showHead(answer, terminal);
      await (output === undefined ? showBody(answer, terminal) : saveBody(answer, output, terminal));
    });
  } catch (error) {
    // An answer that breaks off says nothing; the policy's log says why.
    if (error instanceof UserError || failures.length === 0) throw error;
  }
  failures.forEach((failure) => {
    terminal.complain(failure);
  });
  return failures.length === 0 ? EXIT.ok : EXIT.failed;
}

/** Settings of the command line, which beat those of the policy. */
function readOverrides(args: Arguments): Readonly<Record<string, unknown>> {
  const given = ['qualifier', 'region', 'endpoint', 'profile', 'timeout'].map(
    (name) => [name, args.text(name)] as const,
  );
  const format = args.text('format');
  return {
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
    ...(args.has('log') && { logType: 'Tail' }),
    ...(format !== undefined && {
      useCustomIntegration: format === 'custom',
      payloadFormatVersion: format === 'custom' ? undefined : format,
    }),
  };
}

/** A format whose events are shown on their way, or replaced by the one that was given. */
function shown(format: PayloadFormat, given: unknown, terminal: Terminal): PayloadFormat {
  return {
    ...format,
    encode: (request, options) => {
      const event = given === undefined ? format.encode(request, options) : given;
      terminal.print(JSON.stringify(event, null, 2));
      terminal.print();
      return event;
    },
  };
}

/** Collects what failed; shows the end of the function's log, and what is worth a warning. */
function commandLogger(terminal: Terminal, failures: string[]): Logger {
  const take = (line: string): void => {
    const failure = describeFailure(line);
    if (failure === undefined) terminal.complain(line);
    else failures.push(failure);
  };
  const show = (line: string): void => {
    terminal.print(line);
  };
  return { error: take, warn: take, info: show, debug: () => undefined };
}
