/**
 * The Python program that calls one hook of a build backend (PEP 517, PEP 660). Its argument is a JSON file: the hook, its arguments, the
 * backend, where it is imported from, and where the answer is to be written. It runs under Python 2.7 and 3.x, and needs nothing but its
 * standard library.
 *
 * What the backend prints goes to the program's own streams; the answer goes through a file, so the two cannot be mixed up.
 */
export const HOOK_SCRIPT = `\
import json
import os
import sys

sys.path.pop(0)


def load(backend, folders):
    sys.path[:0] = folders
    module_name, _, attributes = backend.partition(":")
    __import__(module_name)
    module = sys.modules[module_name]
    if folders:
        found = os.path.realpath(getattr(module, "__file__", None) or list(module.__path__)[0])
        if not any(found.startswith(os.path.realpath(one) + os.sep) for one in folders):
            raise ImportError("%s is not in backend-path but in %s" % (module_name, found))
    loaded = module
    for name in attributes.split("."):
        if name:
            loaded = getattr(loaded, name)
    return loaded


def metadata_of_wheel(wheel, folder):
    import zipfile

    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            parts = name.split("/")
            if len(parts) == 2 and parts[0].endswith(".dist-info") and parts[1] == "METADATA":
                if not os.path.isdir(os.path.join(folder, parts[0])):
                    os.mkdir(os.path.join(folder, parts[0]))
                with open(os.path.join(folder, parts[0], "METADATA"), "wb") as file:
                    file.write(archive.read(name))
                return parts[0]
    raise ValueError("the wheel %s has no METADATA" % wheel)


def answer(question):
    try:
        backend = load(question["backend"], question["backendPath"])
    except ImportError as error:
        import traceback

        traceback.print_exc()
        return {"noBackend": str(error)}
    hook = question["hook"]
    settings = question["settings"]
    folder = question["folder"]
    call = getattr(backend, hook, None)
    if hook.startswith("get_requires_for_"):
        return {"value": list(call(settings)) if call else []}
    if call is None and hook == "prepare_metadata_for_build_wheel":
        wheel = backend.build_wheel(folder, settings)
        return {"value": metadata_of_wheel(os.path.join(folder, wheel), folder)}
    if call is None:
        return {"noHook": True}
    return {"value": call(folder, settings)}


def main():
    with open(sys.argv[1], "rb") as file:
        question = json.loads(file.read().decode("utf-8"))
    sys.argv = sys.argv[:1]
    result = json.dumps(answer(question))
    with open(question["answer"], "wb") as file:
        file.write(result.encode("utf-8"))


if __name__ == "__main__":
    main()
`;
