/** What a CPython 3.11 on Linux would say of itself, for environments whose Python is never started. */

import type { Environment } from '../../src/environments/environment.ts';
import type { InstallTarget } from '../../src/installer/target.ts';
import type { InterpreterFacts } from '../../src/python/facts.ts';

/** An environment at a target, with made-up facts. */
export function fakeEnvironment(target: InstallTarget): Environment {
  const facts = fakeFacts(target);
  return {
    path: target.prefix,
    python: target.python,
    bin: target.scripts,
    kind: 'venv',
    facts: () => Promise.resolve(facts),
    factsNow: () => facts,
  };
}

function fakeFacts({ prefix, python, purelib, platlib, scripts, data, include }: InstallTarget): InterpreterFacts {
  return {
    executable: python,
    version: '3.11.7',
    versionInfo: [3, 11, 7, 'final', 0],
    implementation: 'cpython',
    pypyVersion: undefined,
    interpreterVersion: '311',
    markers: {
      implementation_name: 'cpython',
      implementation_version: '3.11.7',
      os_name: 'posix',
      platform_machine: 'x86_64',
      platform_python_implementation: 'CPython',
      platform_release: '6.1.0',
      platform_system: 'Linux',
      platform_version: '#1 SMP',
      python_full_version: '3.11.7',
      python_version: '3.11',
      sys_platform: 'linux',
    },
    prefix,
    basePrefix: '/usr',
    baseExecPrefix: '/usr',
    baseExecutable: '/usr/bin/python3.11',
    paths: {
      stdlib: '/usr/lib/python3.11',
      platstdlib: '/usr/lib/python3.11',
      purelib,
      platlib,
      scripts,
      data,
      include,
    },
    environmentPaths: {},
    sysPath: [],
    sitePackages: [purelib],
    userSite: undefined,
    userBase: undefined,
    abi: {
      soabi: 'cpython-311-x86_64-linux-gnu',
      extensionSuffix: '.cpython-311-x86_64-linux-gnu.so',
      flags: '',
      debug: false,
      pymalloc: true,
      wideUnicode: true,
      freeThreaded: false,
      pointerBits: 64,
    },
    platform: {
      name: 'linux-x86_64',
      machine: 'x86_64',
      glibc: [2, 36],
      musl: undefined,
      macos: undefined,
      armHardFloat: false,
    },
    bundledWheels: [],
  };
}
