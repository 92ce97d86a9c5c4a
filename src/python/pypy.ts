/** The builds of PyPy: the newest release for each Python that it stands for. https://pypy.org */

/** Where its archives are. */
const PYPY_RELEASES = 'https://downloads.python.org/pypy';

/** Python `X.Y.Z` → platform and processor as Node names them → archive and its SHA-256. */
const BUILDS: Readonly<Record<string, Readonly<Record<string, readonly [file: string, sha256: string]>>>> = {
  '3.12.15': {
    'linux-arm64': [
      'pypy3.12-v8.0.1-aarch64.tar.gz',
      '4dd9611f782f0974ffd25b521120b4297049daec05a3cec5698dbc6022c74fb9',
    ],
    'linux-x64': ['pypy3.12-v8.0.1-linux64.tar.gz', 'aeed27797777296d9c94e53bdfa608804696dbd4ff9f2213003cce064ee46ef8'],
    'darwin-arm64': [
      'pypy3.12-v8.0.1-macos_arm64.tar.gz',
      'c10baeae4a61063a1183c4ee4e8324765ba736a3980323654efb31e79f1514db',
    ],
    'darwin-x64': [
      'pypy3.12-v8.0.1-macos_x86_64.tar.gz',
      'b0b9c68d6a8318957186cd69dd2f4020fc4184c9a844619aa7747e1cc5a700a5',
    ],
    'win32-x64': ['pypy3.12-v8.0.1-win64.zip', '225aa62deed1a624c86d5ffd03cc34615ff927b095d8508ad82593ee23ddce91'],
  },
  '3.11.17': {
    'linux-arm64': [
      'pypy3.11-v8.0.1-aarch64.tar.gz',
      '5b568e1515dee46df58c9844dba95921c69dfd9f38ebf9e0f091caad5e10cd0c',
    ],
    'linux-x64': ['pypy3.11-v8.0.1-linux64.tar.gz', '706965bcf372752ba69dafd59d860e51bc2fadbb0f8a47cec3426125d7058ceb'],
    'darwin-arm64': [
      'pypy3.11-v8.0.1-macos_arm64.tar.gz',
      'b839268a9eaf41d28e4dc0be20f2201e18121b31dc9ebc8bc19d140d9d34bc6c',
    ],
    'darwin-x64': [
      'pypy3.11-v8.0.1-macos_x86_64.tar.gz',
      '6d64709b5488d5114c137ab542c857e6ab4ca165d3aea2e5a7c3c6fe6dc34b18',
    ],
    'win32-x64': ['pypy3.11-v8.0.1-win64.zip', 'cba5f9e9543c679ea5d31b6c81b7a6667d836e3c18bf3eb6cb8c72147f829896'],
  },
  '3.10.16': {
    'linux-arm64': [
      'pypy3.10-v7.3.19-aarch64.tar.gz',
      '598b73e166c4ce215f327cc1579c54ead8f2b048de429d5b77c5d0a2edb2f566',
    ],
    'linux-x64': [
      'pypy3.10-v7.3.19-linux64.tar.gz',
      'abfbb05bb3691e694cf9307635d14d0866f0a85429df8958c110e3de168706b4',
    ],
    'darwin-arm64': [
      'pypy3.10-v7.3.19-macos_arm64.tar.gz',
      '72a74cf645e43608f7d88831581fb0f8e1f963fb38f0793bacd37d5018a9aeb8',
    ],
    'darwin-x64': [
      'pypy3.10-v7.3.19-macos_x86_64.tar.gz',
      '63f9d30cdd9e47cfe279be941975ac3d24e46c79756cd1d1bd2c551c27d8b32c',
    ],
    'win32-x64': ['pypy3.10-v7.3.19-win64.zip', 'c0d07bba6c8fb4e5804f4a8b3f8ef07cc3d89f6ad1db42a45ffb9be60bbb7cc2'],
  },
  '3.9.19': {
    'linux-arm64': [
      'pypy3.9-v7.3.16-aarch64.tar.gz',
      '2ccee5d2bdea7814f7f1f65e5c2193fbe16c790534efbf267b423013c039199d',
    ],
    'linux-x64': ['pypy3.9-v7.3.16-linux64.tar.gz', '95885b864c5b1560d6ae3bc1fd00b3732cac6db5328beb9cd425bf0cdee0e5b0'],
    'darwin-arm64': [
      'pypy3.9-v7.3.16-macos_arm64.tar.gz',
      'b09ce3a865c1c0f4e58c0ee4f70511f1b27dfc1f7148f4b6060cfdfd581c9e82',
    ],
    'darwin-x64': [
      'pypy3.9-v7.3.16-macos_x86_64.tar.gz',
      '7ea762a1b0af7545a74cd4260bb3fd2812813deffef2ef8d2fddd5e03fa63ef1',
    ],
    'win32-x64': ['pypy3.9-v7.3.16-win64.zip', '06ec12a5e964dc0ad33e6f380185a4d295178dce6d6df512f508e7aee00a1323'],
  },
  '3.8.16': {
    'linux-arm64': [
      'pypy3.8-v7.3.11-aarch64.tar.gz',
      'a2bd02adf8dda887123bf558104377483acbcdf48eb7f679af48d7e6d066591e',
    ],
    'linux-x64': ['pypy3.8-v7.3.11-linux64.tar.gz', '2d976397f6bc94e0067f5cdadfa1489df3c95249aafed13a3d7d2ebe27f0aceb'],
    'darwin-arm64': [
      'pypy3.8-v7.3.11-macos_arm64.tar.gz',
      '110dea6402ec1e23d03ed08b832fed7d9e95aee1d83f3a20907a66682867795c',
    ],
    'darwin-x64': [
      'pypy3.8-v7.3.11-macos_x86_64.tar.gz',
      '0e83febf891abc489eeb3ae2b26b466f37db4e1aec933d287378a66a04e0d057',
    ],
    'win32-x64': ['pypy3.8-v7.3.11-win64.zip', '0f46fb6df32941ea016f77cfd7e9b426d5ac25a2af2453414df66103941c8435'],
  },
  '3.7.13': {
    'linux-arm64': [
      'pypy3.7-v7.3.9-aarch64.tar.bz2',
      'dfc62f2c453fb851d10a1879c6e75c31ffebbf2a44d181bb06fcac4750d023fc',
    ],
    'linux-x64': ['pypy3.7-v7.3.9-linux64.tar.bz2', 'c58195124d807ecc527499ee19bc511ed753f4f2e418203ca51bc7e3b124d5d1'],
    'darwin-x64': ['pypy3.7-v7.3.9-osx64.tar.bz2', '12d92f578a200d50959e55074b20f29f93c538943e9a6e6522df1a1cc9cef542'],
    'win32-x64': ['pypy3.7-v7.3.9-win64.zip', '8acb184b48fb3c854de0662e4d23a66b90e73b1ab73a86695022c12c745d8b00'],
  },
};

/** An archive of PyPy, and where it is. */
export interface PypyBuild {
  readonly file: string;
  /** Python's version, `X.Y.Z`. */
  readonly version: string;
  /** 64 hexadecimal digits. */
  readonly sha256: string;
  readonly url: string;
}

/** The builds for a machine, the newest Python first. */
export function pypyBuilds(platform: string, arch: string): readonly PypyBuild[] {
  return Object.entries(BUILDS).flatMap(([version, files]) => {
    const found = files[`${platform}-${arch}`];
    if (found === undefined) return [];
    const [file, sha256] = found;
    return [{ file, version, sha256, url: `${PYPY_RELEASES}/${file}` }];
  });
}
