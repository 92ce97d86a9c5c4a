/** The options by which `python install` and `python remove` tell builds of a Python version apart. */

import { type Input, type Option, value } from '../cli/command.ts';

export const PYTHON_BUILD_OPTIONS: readonly Option[] = [
  { name: 'free-threaded', short: 't', description: 'Use free-threaded version if available.' },
  {
    name: 'implementation',
    short: 'i',
    takesValue: true,
    default: 'cpython',
    description: 'Python implementation to use. (cpython, pypy)',
  },
];

/** `cpython`, `pypy`, or what else was given, in lower case. */
export function implementationOf(input: Input): string {
  return (value(input, 'implementation') ?? 'cpython').toLowerCase();
}
