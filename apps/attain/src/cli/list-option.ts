import { InvalidArgumentError } from 'commander';

/** Reads an option or argument that lists known names, separated by commas. */
export function listOf(known: readonly string[], noun: string): (text: string) => string[] {
  return (text) => {
    const given = namesIn(text);
    const unknown = given.find((name) => !known.includes(name));
    if (unknown !== undefined || given.length === 0)
      throw new InvalidArgumentError(`there is no ${noun} "${unknown ?? ''}"; the ${noun}s are ${known.join(', ')}.`);
    return given;
  };
}

export function namesIn(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}
