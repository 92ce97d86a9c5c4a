/**
 * The program that an interpreter runs to tell its facts. It runs on Python 2.7 and on every Python 3, imports nothing
 * but the standard library, and prints one line of JSON after the mark.
 */

/** What stands before the JSON: a `sitecustomize` or a `.pth` file may print before it. */
export const FACTS_MARK = '<<tercet-facts>>';

/** The program's text. */
export const FACTS_SCRIPT = `\
from __future__ import print_function
import json, os, platform, sys, sysconfig

def first(*attempts):
    for attempt in attempts:
        try:
            found = attempt()
        except Exception:
            found = None
        if found:
            return found
    return None

def elf():
    """(interpreter, hard float) of this executable's ELF header."""
    import struct
    with open(os.path.realpath(sys.executable), "rb") as f:
        head = f.read(64)
        if head[:4] != b"\\x7fELF":
            return None, False
        wide = bytearray(head)[4] == 2
        order = "<" if bytearray(head)[5] == 1 else ">"
        if wide:
            start, = struct.unpack_from(order + "Q", head, 32)
            flags, size, count = struct.unpack_from(order + "I2xHH", head, 48)
        else:
            start, = struct.unpack_from(order + "I", head, 28)
            flags, size, count = struct.unpack_from(order + "I2xHH", head, 36)
        machine, = struct.unpack_from(order + "H", head, 18)
        hard = machine == 40 and flags & 0xFF000000 == 0x05000000 and bool(flags & 0x400)
        for i in range(count):
            f.seek(start + i * size)
            entry = f.read(size)
            if struct.unpack_from(order + "I", entry, 0)[0] != 3:
                continue
            if wide:
                offset, = struct.unpack_from(order + "Q", entry, 8)
                length, = struct.unpack_from(order + "Q", entry, 32)
            else:
                offset, = struct.unpack_from(order + "I", entry, 4)
                length, = struct.unpack_from(order + "I", entry, 16)
            f.seek(offset)
            return f.read(length).rstrip(b"\\x00").decode("ascii", "replace"), hard
        return None, hard

def glibc():
    try:
        text = os.confstr("CS_GNU_LIBC_VERSION")
    except Exception:
        text = None
    if not text:
        import ctypes
        version = ctypes.CDLL(None).gnu_get_libc_version
        version.restype = ctypes.c_char_p
        text = "glibc " + version().decode("ascii")
    if not text.startswith("glibc "):
        return None
    return [int(part) for part in text.split()[1].split(".")[:2]]

def musl(loader):
    if not loader or "musl" not in loader:
        return None
    import re, subprocess
    child = subprocess.Popen([loader], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    text = child.communicate()[1].decode("ascii", "replace")
    found = re.search(r"Version (\\d+)\\.(\\d+)", text)
    return [int(found.group(1)), int(found.group(2))] if found else None

def environment_scheme():
    names = sysconfig.get_scheme_names()
    for name in ("venv", "pypy" if hasattr(sys, "pypy_version_info") else None, "nt" if os.name == "nt" else "posix_prefix"):
        if name in names:
            return name
    return None

def relative_paths():
    """Where things go in a virtual environment, relative to it."""
    root = os.path.join(os.path.abspath(os.sep), "tercet-prefix")
    names = dict.fromkeys(("base", "platbase", "installed_base", "installed_platbase"), root)
    paths = sysconfig.get_paths(environment_scheme(), names)
    return dict((k, os.path.relpath(v, root)) for k, v in paths.items() if v.startswith(root))

def wheels(stdlib):
    found = []
    folders = [os.path.join(stdlib, "ensurepip", "_bundled"), sysconfig.get_config_var("WHEEL_PKG_DIR")]
    if stdlib.startswith("/usr/lib/python3"):
        folders.append("/usr/share/python-wheels")
    for folder in folders:
        if folder and os.path.isdir(folder):
            found.extend(os.path.join(folder, n) for n in sorted(os.listdir(folder)) if n.endswith(".whl"))
    return found

def main():
    variable = sysconfig.get_config_var
    if hasattr(sys, "implementation"):
        info = sys.implementation.version
        implementation_version = "{0.major}.{0.minor}.{0.micro}".format(info)
        if info.releaselevel != "final":
            implementation_version += info.releaselevel[0] + str(info.serial)
        implementation = sys.implementation.name
    else:
        implementation_version = "0"
        implementation = platform.python_implementation().lower()
    machine = first(lambda: os.uname()[4], platform.machine) or ""
    release = first(lambda: os.uname()[2], platform.release) or ""
    kernel = first(lambda: os.uname()[3], platform.version) or ""
    system = first(lambda: os.uname()[0], platform.system) or ""
    python = platform.python_version().rstrip("+")
    paths = sysconfig.get_paths()
    base_prefix = getattr(sys, "real_prefix", getattr(sys, "base_prefix", sys.prefix))
    base_exec_prefix = getattr(sys, "real_prefix", getattr(sys, "base_exec_prefix", sys.exec_prefix))
    loader, hard = first(elf) or (None, False)
    loaded = first(glibc)
    import site
    interpreter_version = variable("py_version_nodot") or "".join(str(v) for v in sys.version_info[:2])
    facts = {
        "executable": sys.executable,
        "baseExecutable": getattr(sys, "_base_executable", None),
        "version": ".".join(str(v) for v in sys.version_info[:3]),
        "versionInfo": list(sys.version_info),
        "implementation": implementation,
        "pypyVersion": list(sys.pypy_version_info[:3]) if hasattr(sys, "pypy_version_info") else None,
        "interpreterVersion": str(interpreter_version),
        "markers": {
            "implementation_name": implementation,
            "implementation_version": implementation_version,
            "os_name": os.name,
            "platform_machine": machine,
            "platform_release": release,
            "platform_system": system,
            "platform_version": kernel,
            "python_full_version": python,
            "platform_python_implementation": platform.python_implementation(),
            "python_version": ".".join(python.split(".")[:2]),
            "sys_platform": sys.platform,
        },
        "prefix": sys.prefix,
        "basePrefix": base_prefix,
        "baseExecPrefix": base_exec_prefix,
        "paths": paths,
        "environmentPaths": relative_paths(),
        "sysPath": [p for p in sys.path if p],
        "sitePackages": first(lambda: site.getsitepackages()) or [],
        "userSite": first(lambda: site.getusersitepackages()),
        "userBase": first(lambda: site.getuserbase()),
        "abi": {
            "soabi": variable("SOABI"),
            "extensionSuffix": variable("EXT_SUFFIX") or variable("SO"),
            "flags": getattr(sys, "abiflags", ""),
            "debug": hasattr(sys, "gettotalrefcount") or bool(variable("Py_DEBUG")),
            "pymalloc": variable("WITH_PYMALLOC") is None or bool(variable("WITH_PYMALLOC")),
            "wideUnicode": sys.maxunicode == 0x10FFFF,
            "freeThreaded": bool(variable("Py_GIL_DISABLED")),
            "pointerBits": 64 if sys.maxsize > 2 ** 32 else 32,
        },
        "platform": {
            "name": sysconfig.get_platform(),
            "machine": machine,
            "glibc": loaded,
            "musl": None if loaded else first(lambda: musl(loader)),
            "macos": [int(v) for v in platform.mac_ver()[0].split(".")[:2]] if sys.platform == "darwin" else None,
            "armHardFloat": hard,
        },
        "bundledWheels": wheels(os.path.dirname(os.__file__)),
    }
    print("${FACTS_MARK}" + json.dumps(facts))

main()
`;
