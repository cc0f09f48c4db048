#!/usr/bin/env python3
"""Lists the licence of each part of a release, from its bill of materials.

    mvn -B -Prelease -DskipTests package && systemd/licences.py

packages.sh runs it too, so that each package has the list. Fails where a jar of the release is not in the
bill, where a part of it has no licence, or where NOTICE names none of the licences that its authors offer.
"""

import hashlib
import json
import pathlib
import re
import sys
import zipfile

root = pathlib.Path(__file__).resolve().parent.parent
target = root / "chase-daemon" / "target"
bill_file = target / "chase.cdx.json"
if not bill_file.exists():
    sys.exit(f"{bill_file} is missing: mvn -B -DskipTests package with -Prelease or -Ppackages, without -o")
bill = json.loads(bill_file.read_text())
parts = [part for part in bill["components"] if part.get("group") != "dev.chase"]
known = {each["content"] for part in parts for each in part.get("hashes", []) if each["alg"] == "SHA-256"}
faults = []


def licences(part):
    names = []
    for entry in part.get("licenses", []):
        licence = entry.get("license", {})
        names.append(entry.get("expression") or licence.get("id") or licence.get("name"))
    return " or ".join(names)


# What authors call them, and what NOTICE does.
names = {
    "Apache-2.0": r"apache.*\b2",
    "MIT": r"\bmit\b",
    "BSD-2-Clause": r"bsd-2-clause",
    "BSD-3-Clause": r"bsd-3-clause",
}
notice = dict(re.findall(r"^(\S+)  +(\S+)$", (root / "NOTICE").read_text(), re.M))


def named_in_jar(part):
    """The bill takes "The BSD License" for the one of four clauses; the jar's own manifest says which."""
    try:
        with zipfile.ZipFile(target / "lib" / f"{part['name']}-{part['version']}.jar") as jar:
            manifest = jar.read("META-INF/MANIFEST.MF").decode().replace("\r\n", "\n").replace("\n ", "")
    except (FileNotFoundError, KeyError):
        return ""
    return "".join(re.findall(r"^Bundle-License: (.*)$", manifest, re.M))


lines = []
for part in sorted(parts, key=lambda one: (one["group"], one["name"])):
    if not licences(part):
        faults.append(f"{part['purl']} has no licence")
    noticed = notice.get(part["name"])
    # Only what is packed: tests have parts of their own.
    said = f"{licences(part)} {named_in_jar(part)}".strip()
    if noticed and not re.search(names.get(noticed, "$^"), said, re.I):
        faults.append(f"{part['purl']}: NOTICE says {noticed}, its authors {said}")
    lines.append(f"{part['group']}:{part['name']}:{part['version']}\t{licences(part)}")
for jar in sorted((target / "lib").glob("*.jar")):
    ours = jar.name.startswith(("zeus-engine-", "carbon-providers-"))
    if not ours and hashlib.sha256(jar.read_bytes()).hexdigest() not in known:
        faults.append(f"{jar.name} is not in the bill of materials")
(target / "licences.tsv").write_text("\n".join(lines) + "\n")
print("\n".join(lines))
if faults:
    sys.exit("\n".join(faults))
