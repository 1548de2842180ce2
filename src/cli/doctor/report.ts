import type { Logger } from '../../host/express-gateway';
import type { ExitStatus } from '../command';
import { EXIT } from '../command';
import type { Terminal } from '../terminal';
import type { Finding } from './finding';
import { showFinding } from './finding';
import type { EffectiveSetting } from './settings';

/** What is printed, section by section, and what it comes to. */
export class Report {
  #failures = 0;

  constructor(private readonly terminal: Terminal) {}

  /** For the warnings of what is checked. */
  get logger(): Logger {
    const warn = (message: string): void => {
      this.terminal.print(`  ! ${message}`);
    };
    return { error: warn, warn, info: () => undefined, debug: () => undefined };
  }

  section(title: string): void {
    this.terminal.print(this.terminal.style('bold', title));
  }

  settings(settings: readonly EffectiveSetting[]): void {
    const width = (column: (setting: EffectiveSetting) => string): number =>
      Math.max(...settings.map((setting) => column(setting).length));
    const [names, origins] = [width(({ name }) => name), width(({ origin }) => origin)];
    for (const { name, value, origin } of settings) {
      this.terminal.print(`    ${name.padEnd(names)}  ${origin.padEnd(origins)}  ${value}`);
    }
  }

  add(...findings: readonly Finding[]): void {
    for (const finding of findings) {
      if (finding.outcome === 'failed') this.#failures += 1;
      showFinding(finding, this.terminal);
    }
    this.terminal.print();
  }

  conclude(policies: number): ExitStatus {
    const what = policies === 0 ? 'No pipeline uses lambda-proxy.' : `Policies: ${policies}.`;
    this.terminal.print(`${what} ${this.#failures === 0 ? 'All is well.' : `Failed: ${this.#failures}.`}`);
    return this.#failures === 0 ? EXIT.ok : EXIT.failed;
  }
}
