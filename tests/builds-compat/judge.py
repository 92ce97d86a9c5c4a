"""Prints what stands in archives, as Python reads them: JSON, one object a file given."""

import hashlib
import json
import sys
import tarfile
import zipfile

TEXTS = ("METADATA", "RECORD", "WHEEL", "PKG-INFO", "setup.py", "entry_points.txt")


def entry(name, mode, data, time):
    shown = data.decode("utf-8", "replace") if name.rsplit("/", 1)[-1] in TEXTS else ""
    sha256 = hashlib.sha256(data).hexdigest()
    return {"name": name, "mode": oct(mode), "sha256": sha256, "data": shown, "time": time}


for path in sys.argv[1:]:
    if path.endswith(".whl"):
        with zipfile.ZipFile(path) as archive:
            entries = [
                entry(i.filename, i.external_attr >> 16, archive.read(i), list(i.date_time)) for i in archive.infolist()
            ]
    else:
        with tarfile.open(path) as archive:
            entries = [entry(i.name, i.mode, archive.extractfile(i).read(), i.mtime) for i in archive.getmembers()]
    print(json.dumps({"file": path.rsplit("/", 1)[-1], "entries": entries}))
