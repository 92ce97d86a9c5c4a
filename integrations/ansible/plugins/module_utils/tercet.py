"""What the modules of this collection share: finding the program, running it, and reading its list of operations."""

from __future__ import absolute_import, division, print_function

__metaclass__ = type

import glob
import hashlib
import os
import re
import shutil
import tempfile

from ansible.module_utils.common.text.converters import to_bytes, to_native

OPERATION = re.compile(
    r"^  - (Installing|Updating|Downgrading|Removing) (?:the current project: )?(\S+) \(([^)]*)\)(.*)$", re.MULTILINE
)

COMMON = dict(
    project=dict(type="path", required=True, aliases=["chdir", "path"]),
    executable=dict(type="str", default="tercet"),
    virtualenv=dict(type="path"),
    environment_variables=dict(type="dict", default={}, no_log=False),
)

SELECTION = dict(
    only=dict(type="list", elements="str"),
    with_groups=dict(type="list", elements="str"),
    without=dict(type="list", elements="str"),
    extras=dict(type="list", elements="str"),
    all_extras=dict(type="bool", default=False),
)


def find_program(module):
    """The program's path; fails the task where it is not to be found."""
    name = module.params["executable"]
    folders = [os.path.expanduser("~/.tercet/bin"), "/opt/tercet/bin"]
    if os.sep in name:
        name = os.path.expanduser(name)
        if not os.access(name, os.X_OK):
            module.fail_json(msg="%s is not an executable file" % name)
        return name
    return module.get_bin_path(name, required=True, opt_dirs=folders)


def run(module, arguments):
    """Runs it in the project's folder; answers with its exit code, output and errors."""
    project = module.params["project"]
    if not os.path.isfile(os.path.join(project, "pyproject.toml")):
        module.fail_json(msg="there is no pyproject.toml in %s" % project)
    variables = dict((key, to_native(value)) for key, value in module.params["environment_variables"].items())
    variables.update(NO_COLOR="1", LC_ALL="C.UTF-8")
    if module.params.get("virtualenv"):
        variables["VIRTUAL_ENV"] = module.params["virtualenv"]
    command = [find_program(module), "--no-interaction", "--no-ansi", "-C", project] + arguments
    return module.run_command(command, environ_update=variables)


def selection_arguments(params):
    """The options that choose groups and extras."""
    arguments = []
    for option, key in (("--only", "only"), ("--with", "with_groups"), ("--without", "without"), ("--extras", "extras")):
        for one in params.get(key) or []:
            arguments.append("%s=%s" % (option, one))
    if params.get("all_extras"):
        arguments.append("--all-extras")
    return arguments


def operations(text):
    """What the output lists, without what was skipped: dictionaries with `kind`, `name` and `version`."""
    kinds = {"Installing": "install", "Updating": "update", "Downgrading": "downgrade", "Removing": "remove"}
    found = []
    for verb, name, version, rest in OPERATION.findall(text):
        if "Skipped" not in rest:
            found.append(dict(kind=kinds[verb], name=name, version=version))
    return found


def failure(out, err):
    """The message of a run that failed: what it said, without the lines about what went well."""
    lines = [line for line in (err or out).splitlines() if line.strip()]
    return "\n".join(lines) or "tercet failed without a word"


def environment(module):
    """The path of the project's environment; an empty text where there is none."""
    code, out, _ = run(module, ["env", "info", "--path"])
    return out.strip() if code == 0 else ""


def fingerprint(path):
    """What tells one state of an environment from another: its distributions' own words, and what is on its path."""
    digest = hashlib.sha1()
    for pattern in ("*.dist-info/METADATA", "*.dist-info/entry_points.txt", "*.dist-info/direct_url.json", "*.pth"):
        for folder in ("lib/python*/site-packages", "Lib/site-packages"):
            for name in sorted(glob.glob(os.path.join(path, folder, pattern))):
                with open(name, "rb") as file:
                    digest.update(to_bytes(name) + b"\0" + file.read() + b"\0")
    return digest.hexdigest()


def plan(module, arguments):
    """What would be done. An environment that is not there yet is made in a scratch folder for the question."""
    scratch = None
    wanted = module.params.get("virtualenv")
    if not (os.path.exists(wanted) if wanted else environment(module)):
        scratch = tempfile.mkdtemp(prefix="tercet-plan-", dir=module.tmpdir)
        module.params["virtualenv"] = os.path.join(scratch, "venv")
    try:
        code, out, err = run(module, arguments + ["--dry-run"])
    finally:
        if scratch:
            module.params["virtualenv"] = wanted
            shutil.rmtree(scratch, ignore_errors=True)
    if code != 0:
        module.fail_json(msg=failure(out, err), rc=code, stdout=out, stderr=err)
    return operations(out), scratch is not None


def install(module, command):
    """`install` or `sync`: the whole of both modules."""
    params = module.params
    arguments = [command] + selection_arguments(params)
    if params["no_root"]:
        arguments.append("--no-root")
    planned, is_new = plan(module, arguments)
    result = dict(changed=bool(planned) or is_new, operations=planned)
    if module._diff:
        before = ["%s %s" % (one["name"], one["version"].split(" -> ")[0]) for one in planned if one["kind"] != "install"]
        after = ["%s %s" % (one["name"], one["version"].split(" -> ")[-1]) for one in planned if one["kind"] != "remove"]
        result["diff"] = dict(
            before="".join(line + "\n" for line in sorted(before)),
            after="".join(line + "\n" for line in sorted(after)),
            before_header="environment of %s" % params["project"],
            after_header="poetry.lock of %s" % params["project"],
        )
    if module.check_mode:
        module.exit_json(**result)
    if params["compile"]:
        arguments.append("--compile")
    old = fingerprint(environment(module))
    code, out, err = run(module, arguments)
    if code != 0:
        module.fail_json(msg=failure(out, err), rc=code, stdout=out, stderr=err)
    path = environment(module)
    result["changed"] = result["changed"] or fingerprint(path) != old
    module.exit_json(environment=path, stdout=out, **result)
