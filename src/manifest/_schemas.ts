/**
 * What `[project]`, `[dependency-groups]` and `[tool.poetry]` may hold, as Poetry 2.5.1 and its poetry-core check it
 * before they read anything (PEP 621, PEP 639, PEP 735).
 */

import type { Schema } from './_schema.ts';

const string: Schema = { type: 'string' };
const boolean: Schema = { type: 'boolean' };
const strings: Schema = { type: 'array', items: string };
const uri: Schema = { type: 'string', format: 'uri' };
const anything: Schema = {};

// --- dependencies of [tool.poetry] ---------------------------------------------------------------------------------

const conditions = { python: string, platform: string, markers: string };
const choices = { ...conditions, optional: boolean, extras: strings };
const prereleases = { 'allow-prereleases': boolean, 'allows-prereleases': boolean };

function dependencyTable(required: string | undefined, properties: Readonly<Record<string, Schema>>): Schema {
  return {
    type: 'object',
    ...(required === undefined ? {} : { required: [required] }),
    additional: false,
    properties: required === undefined ? properties : { [required]: string, ...properties },
  };
}

const dependencyForms: readonly Schema[] = [
  string,
  dependencyTable('version', { ...choices, ...prereleases, source: string }),
  dependencyTable('git', {
    branch: string,
    tag: string,
    rev: string,
    subdirectory: string,
    ...choices,
    ...prereleases,
    develop: boolean,
  }),
  dependencyTable('file', { subdirectory: string, ...choices }),
  dependencyTable('path', { subdirectory: string, ...choices, develop: boolean }),
  dependencyTable('url', { subdirectory: string, ...choices }),
  dependencyTable(undefined, { ...conditions, 'allow-prereleases': boolean, source: string, develop: boolean }),
];
const severalConstraints: Schema = { type: 'array', minItems: 1, items: { oneOf: dependencyForms } };

const NAME = /^[a-zA-Z-_.0-9]+$/;
const namedBy = (schema: Schema): Schema => ({ type: 'object', keys: { pattern: NAME, schema } });
const dependencies = namedBy({ oneOf: [...dependencyForms, severalConstraints] });

// --- [tool.poetry] -------------------------------------------------------------------------------------------------

const packageFormat: Schema = { type: 'string', enum: ['sdist', 'wheel'] };
const packageFormats: Schema = { oneOf: [packageFormat, { type: 'array', items: packageFormat }] };

const script: Schema = {
  type: 'object',
  oneOf: [
    { type: 'object', additional: false, properties: { callable: string, extras: strings } },
    {
      type: 'object',
      additional: false,
      required: ['reference', 'type'],
      properties: { reference: string, type: { type: 'string', enum: ['file', 'console'] }, extras: strings },
    },
  ],
};

const group: Schema = {
  type: 'object',
  anyOf: [{ required: ['dependencies'] }, { required: ['include-groups'] }, { required: ['optional'] }],
  properties: { optional: boolean, 'include-groups': strings, dependencies },
  additional: false,
};

/** poetry-core's schema of `[tool.poetry]`. */
export const poetryCoreSchema: Schema = {
  type: 'object',
  properties: {
    'package-mode': boolean,
    name: string,
    version: string,
    description: { type: 'string', pattern: { shown: '\\A[^\\n]*\\Z', regex: /^[^\n]*$/ } },
    keywords: strings,
    homepage: uri,
    repository: uri,
    documentation: uri,
    license: string,
    authors: strings,
    maintainers: strings,
    readme: { anyOf: [string, strings] },
    classifiers: { type: 'array' },
    packages: {
      type: 'array',
      items: {
        type: 'object',
        additional: false,
        required: ['include'],
        properties: { include: string, from: string, format: packageFormats, to: string },
      },
    },
    include: {
      type: 'array',
      items: {
        anyOf: [
          string,
          {
            type: 'object',
            additional: false,
            required: ['path'],
            properties: { path: string, format: packageFormats },
          },
        ],
      },
    },
    exclude: { type: 'array' },
    dependencies,
    'dev-dependencies': dependencies,
    extras: namedBy({
      type: 'array',
      items: { type: 'string', pattern: { shown: '^[a-zA-Z-_.0-9]+$', regex: /^[a-zA-Z-_.0-9]+$/ } },
    }),
    group: namedBy(group),
    build: {
      oneOf: [
        string,
        { type: 'object', additional: false, properties: { 'generate-setup-file': boolean, script: string } },
      ],
    },
    scripts: namedBy({ oneOf: [string, script] }),
    plugins: namedBy(namedBy(string)),
    urls: { type: 'object', keys: { pattern: /^.+$/, schema: string } },
  },
};

/** What Poetry itself adds to `[tool.poetry]`. */
export const poetrySchema: Schema = {
  type: 'object',
  properties: {
    'requires-poetry': string,
    'requires-plugins': dependencies,
    source: {
      type: 'array',
      items: {
        type: 'object',
        additional: false,
        required: ['name'],
        properties: {
          name: string,
          url: uri,
          priority: { enum: ['primary', 'supplemental', 'explicit'] },
          links: boolean,
          indexed: boolean,
        },
      },
    },
    'build-constraints': namedBy(dependencies),
  },
};

/** `[dependency-groups]` (PEP 735). */
export const dependencyGroupsSchema: Schema = {
  type: 'object',
  additional: {
    type: 'array',
    items: {
      oneOf: [
        string,
        { type: 'object', additional: false, required: ['include-group'], properties: { 'include-group': string } },
      ],
    },
  },
};

// --- [project] -----------------------------------------------------------------------------------------------------

const person: Schema = {
  type: 'object',
  anyOf: [
    { required: ['name'], properties: { name: anything } },
    { required: ['email'], properties: { email: anything } },
  ],
  properties: { name: string, email: { type: 'string', format: 'email' } },
  additional: false,
};
const people: Schema = { type: 'array', items: person };
const references: Schema = { type: 'object', additional: string };

function onlyKey(key: string, others: Readonly<Record<string, Schema>> = {}): Schema {
  return { additional: false, required: [key], properties: { ...others, [key]: string } };
}

const PROJECT_NAME = '^([a-zA-Z\\d]|[a-zA-Z\\d][\\w.-]*[a-zA-Z\\d])$';
const PROJECT_VERSION =
  '^v?((([0-9]+)!)?([0-9]+(\\.[0-9]+)*)([-_\\.]?(alpha|a|beta|b|preview|pre|c|rc)[-_\\.]?([0-9]+)?)?' +
  '((-([0-9]+))|([-_\\.]?(post|rev|r)[-_\\.]?([0-9]+)?))?([-_\\.]?(dev)[-_\\.]?([0-9]+)?)?)' +
  '(\\+([a-zA-Z0-9]+([-_\\.][a-zA-Z0-9]+)*))?$';

/** `[project]` (PEP 621). */
export const projectSchema: Schema = {
  type: 'object',
  required: ['name'],
  properties: {
    name: { type: 'string', pattern: { shown: PROJECT_NAME, regex: new RegExp(PROJECT_NAME) } },
    version: { type: 'string', pattern: { shown: PROJECT_VERSION, regex: new RegExp(PROJECT_VERSION) } },
    description: string,
    readme: {
      oneOf: [
        string,
        {
          type: 'object',
          oneOf: [onlyKey('file', { 'content-type': anything }), onlyKey('text', { 'content-type': anything })],
          required: ['content-type'],
          properties: { 'content-type': string },
        },
      ],
    },
    'requires-python': string,
    license: { oneOf: [{ type: 'object', ...onlyKey('file') }, { type: 'object', ...onlyKey('text') }, string] },
    'license-files': strings,
    authors: people,
    maintainers: people,
    keywords: strings,
    classifiers: strings,
    urls: { type: 'object', additional: uri },
    scripts: references,
    'gui-scripts': references,
    'entry-points': {
      type: 'object',
      keys: { pattern: /^[\p{L}\p{N}_]+(\.[\p{L}\p{N}_]+)*$/u, schema: references },
      additional: false,
      forbiddenKeys: ['console_scripts', 'gui_scripts'],
    },
    dependencies: strings,
    'optional-dependencies': {
      type: 'object',
      keys: { pattern: /^([a-z\d]|[a-z\d]([a-z\d-](?!--))*[a-z\d])$/, schema: strings },
    },
    dynamic: {
      type: 'array',
      items: {
        type: 'string',
        enum: [
          'version',
          'description',
          'readme',
          'requires-python',
          'license',
          'license-files',
          'authors',
          'maintainers',
          'keywords',
          'classifiers',
          'urls',
          'scripts',
          'gui-scripts',
          'entry-points',
          'dependencies',
          'optional-dependencies',
        ],
      },
    },
  },
};
