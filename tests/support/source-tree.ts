/** Source trees for tests of building: a backend of their own in the tree, which needs nothing from any index. */

/** Where the backend writes down which hooks were called, a line each: the variable `BUILD_HOOKS` names the file. */
const BACKEND = `
import base64, hashlib, os, sys, zipfile

NAME = "{name}"
VERSION = "{version}"
REQUIRES = {requires}


def note(hook, settings=None):
    path = os.environ.get("BUILD_HOOKS")
    if path:
        with open(path, "a") as file:
            file.write(NAME + " " + hook + ("" if settings is None else " %r" % sorted(settings.items())) + "\\n")


def metadata():
    lines = ["Metadata-Version: 2.1", "Name: " + NAME, "Version: " + VERSION, "Summary: Built by its own backend"]
    return "\\n".join(lines + ["Requires-Dist: " + one for one in REQUIRES]) + "\\n\\n"


def wheel(folder, files):
    info = "%s-%s.dist-info/" % (NAME, VERSION)
    files = dict(files)
    files[info + "METADATA"] = metadata()
    files[info + "WHEEL"] = "Wheel-Version: 1.0\\nGenerator: tests\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
    record = ""
    file_name = "%s-%s-py3-none-any.whl" % (NAME, VERSION)
    with zipfile.ZipFile(os.path.join(folder, file_name), "w") as archive:
        for path in sorted(files):
            text = files[path].encode("utf-8")
            digest = base64.urlsafe_b64encode(hashlib.sha256(text).digest()).decode("ascii").rstrip("=")
            record += "%s,sha256=%s,%d\\n" % (path, digest, len(text))
            archive.writestr(path, text)
        archive.writestr(info + "RECORD", record + info + "RECORD,,\\n")
    return file_name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    note("build_wheel", config_settings)
    print("building " + NAME)
    {before}
    return wheel(wheel_directory, {NAME + ".py": open("src.py").read()})
`;

const METADATA = `

def prepare_metadata_for_build_wheel(metadata_directory, config_settings=None):
    note("prepare_metadata_for_build_wheel")
    info = "%s-%s.dist-info" % (NAME, VERSION)
    os.mkdir(os.path.join(metadata_directory, info))
    with open(os.path.join(metadata_directory, info, "METADATA"), "w") as file:
        file.write(metadata())
    return info
`;

const EDITABLE = `

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    note("build_editable")
    return wheel(wheel_directory, {NAME + ".pth": os.path.join(os.getcwd(), "editable") + "\\n"})
`;

const MORE = `

def get_requires_for_build_wheel(config_settings=None):
    note("get_requires_for_build_wheel")
    return {more}
`;

export interface SourceTreeDraft {
  readonly name: string;
  /** Default: `1.0`. */
  readonly version?: string;
  /** `Requires-Dist` of what is built. */
  readonly requires?: readonly string[];
  /** `build-system.requires`. */
  readonly buildRequires?: readonly string[];
  /** What `get_requires_for_build_wheel` returns. Default: the hook is missing. */
  readonly moreRequires?: readonly string[];
  /** A Python statement in `build_wheel`. Default: nothing more happens. */
  readonly before?: string;
  /** Default: there is `prepare_metadata_for_build_wheel`. */
  readonly withoutMetadata?: boolean;
  /** Default: there is `build_editable`. */
  readonly withoutEditable?: boolean;
  /** Default: `["backend"]`. */
  readonly backendPath?: readonly string[];
}

/** The tree's files by their paths. The module's text is `WHERE = "built"`, in the folder `editable` another. */
export function sourceTree(draft: SourceTreeDraft): Readonly<Record<string, string>> {
  const { name, version = '1.0', requires = [], buildRequires = [], before = 'pass' } = draft;
  const values: Readonly<Record<string, string>> = {
    '{name}': name,
    '{version}': version,
    '{requires}': JSON.stringify(requires),
    '{before}': before,
    '{more}': JSON.stringify(draft.moreRequires ?? []),
  };
  const backend = [
    BACKEND,
    ...(draft.withoutMetadata === true ? [] : [METADATA]),
    ...(draft.withoutEditable === true ? [] : [EDITABLE]),
    ...(draft.moreRequires === undefined ? [] : [MORE]),
  ].join('');
  return {
    'pyproject.toml': `[build-system]
requires = ${JSON.stringify(buildRequires)}
build-backend = "own_backend"
backend-path = ${JSON.stringify(draft.backendPath ?? ['backend'])}
`,
    'backend/own_backend.py': backend.replace(
      /\{(?:name|version|requires|before|more)\}/g,
      (key) => values[key] ?? key,
    ),
    'src.py': 'WHERE = "built"\n',
    [`editable/${name}.py`]: 'WHERE = "source"\n',
  };
}

/** A `setup.py` that needs a setuptools, and the wheel of one that knows just enough. */
export const SETUP_PY = 'from setuptools import setup\n\nsetup()\n';

/** The files of a wheel of `setuptools` whose backend runs `setup.py` and makes a wheel of what that says. */
export const FAKE_SETUPTOOLS: Readonly<Record<string, string>> = {
  'setuptools/__init__.py': 'def setup():\n    print("setup.py was run")\n',
  'setuptools/build_meta.py': `${BACKEND.replace('{name}', 'legacy')
    .replace('{version}', '1.0')
    .replace('{requires}', '[]')
    .replace('{before}', 'exec(open("setup.py").read(), {"__name__": "__main__"})')}


class Legacy:
    build_wheel = staticmethod(build_wheel)


__legacy__ = Legacy()
`,
};
