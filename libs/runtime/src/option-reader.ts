import { parseArgs, type ParseArgsConfig } from 'node:util';
import { HecktorError, type ErrorFacts } from '@hecktor/errors';

export type OptionReader = ReturnType<typeof optionReader>;

/**
 * Reads the options of a command; what it refuses is OPTION_INVALID and names the option.
 *
 * @param page - Where the command's options are listed.
 */
export function optionReader(page: string) {
  const invalid = (detail: string, more: ErrorFacts = {}): HecktorError => {
    const fix = `correct the option; ${page} lists them all`;
    return new HecktorError('OPTION_INVALID', { detail, fix, ...more });
  };
  const refusal = (name: string, detail: string, more?: ErrorFacts): HecktorError =>
    invalid(`${name}: ${detail}`, more);
  return {
    /** What to throw about an option. */
    refusal,
    /** As `parseArgs`, but refuses an empty value, which a variable that is not set leaves. */
    parse<T extends ParseArgsConfig>(config: T): ReturnType<typeof parseArgs<T>> {
      let parsed: ReturnType<typeof parseArgs<T>>;
      try {
        parsed = parseArgs(config);
      } catch (error) {
        throw invalid((error as Error).message);
      }
      const given = Object.entries(parsed.values);
      const empty = given.find(([, value]) => [value].flat().includes(''));
      if (empty !== undefined) throw refusal(`--${empty[0]}`, 'it has no value');
      return parsed;
    },
    /** A value that must be there. */
    required(name: string, value: string | undefined, what: string): string {
      if (value !== undefined) return value;
      throw refusal(name, `expected ${what}`, { cause: 'the option is missing' });
    },
    /** A whole number. */
    count(name: string, text: string, least = 1, most = Infinity): number {
      const value = Number(text);
      if (/^\d+$/.test(text) && value >= least && value <= most) return value;
      const range = most === Infinity ? `${least}` : `${least} to ${most}`;
      throw refusal(name, `expected a whole number from ${range}, got '${text}'`);
    },
    /** What one of several words stands for. */
    oneOf<T>(name: string, text: string, choices: Readonly<Record<string, T>>): T {
      if (Object.hasOwn(choices, text)) return choices[text]!;
      const words = Object.keys(choices).join(', ');
      throw refusal(name, `expected one of ${words}, got '${text}'`);
    },
  };
}
