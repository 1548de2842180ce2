import { custom } from './custom';
import { legacy } from './legacy';
import type { PayloadFormat } from './payload-format';
import { v1 } from './v1';
import { v2 } from './v2';

/** The payload formats by their names in the option `payloadFormatVersion`. A further format is one line here. */
export const payloadFormats = {
  '1.0': v1,
  '2.0': v2,
  legacy,
} as const satisfies Record<string, PayloadFormat>;

export type PayloadFormatVersion = keyof typeof payloadFormats;

/** The format of the option `useCustomIntegration`, which has no version. */
export const customIntegration: PayloadFormat = custom;
