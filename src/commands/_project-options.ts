/** The options that `init` and `new` share, and what is read from them. */

import type { InitOptions } from '../app/init.ts';
import { type Input, type Option, value, values } from '../cli/command.ts';

export const PROJECT_OPTIONS: readonly Option[] = [
  { name: 'description', takesValue: true, description: 'One sentence about the project.' },
  { name: 'author', takesValue: true, description: 'Who wrote it: Name <mail>.' },
  { name: 'python', takesValue: true, description: 'The Python versions it runs on, such as >=3.10.' },
  {
    name: 'dependency',
    takesValue: true,
    multiple: true,
    description: 'A package it needs, with or without a constraint: requests:^2.10.0, requests=2.11.1.',
  },
  {
    name: 'dev-dependency',
    takesValue: true,
    multiple: true,
    description: 'A package needed to develop it, written in the same way.',
  },
  { name: 'license', short: 'l', takesValue: true, description: 'Its license, as an SPDX expression.' },
];

export type SharedOptions = Pick<
  InitOptions,
  'name' | 'description' | 'author' | 'python' | 'license' | 'dependencies' | 'devDependencies'
>;

export function sharedOptions(input: Input): SharedOptions {
  return {
    name: value(input, 'name'),
    description: value(input, 'description'),
    author: value(input, 'author'),
    python: value(input, 'python'),
    license: value(input, 'license'),
    dependencies: values(input, 'dependency'),
    devDependencies: values(input, 'dev-dependency'),
  };
}
