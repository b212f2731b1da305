"""A software bill of materials, CycloneDX 1.6 as JSON: what a release brings and fetches.

The packages are those of the locks, with the hashes of every file that may be fetched for them; the
licences are those of THIRD-PARTY.md. The same input gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from locks import pins
from third_party import LOCKS, packages

ROOT = Path(__file__).resolve().parent.parent
FONT_LICENCE = "OFL-1.1"


def bill(name: str, version: str, when: int, root: Path = ROOT) -> bytes:
    """The bill for one version of the project; ``when`` in seconds since 1970.

    Raises KeyError for a package that THIRD-PARTY.md does not list.
    """
    parts = [*_fonts(root), *_packages(root)]
    project = _component("library", name, version, "MIT-0", f"pkg:pypi/{name}@{version}")
    told: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": datetime.fromtimestamp(when, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": project,
        },
        "components": parts,
        "dependencies": [
            {"ref": project["bom-ref"], "dependsOn": sorted(part["bom-ref"] for part in parts)},
        ],
    }
    # A serial number of its own, and yet the same for the same bill.
    told["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(told))}"
    return (json.dumps(told, indent=1, sort_keys=True) + "\n").encode()


def _packages(root: Path) -> list[dict[str, Any]]:
    licences = packages(root)
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for lock in LOCKS:
        pinned = pins((root / "requirements" / f"{lock}.lock.conf").read_text("utf-8"))
        for (name, version, marker), hashes in pinned.items():
            part = found.setdefault(
                (name, version),
                _component(
                    "library", name, version, licences[name][0], f"pkg:pypi/{name}@{version}"
                ),
            )
            # One for each file that an index has of this version: wheels, and the source.
            part["hashes"] = [{"alg": "SHA-256", "content": digest} for digest in sorted(hashes)]
            part["scope"] = "required" if lock == "studio" else part.get("scope", "optional")
            told = f"requirements/{lock}.lock.conf" + (f" ; {marker}" if marker else "")
            part.setdefault("properties", []).append({"name": "ai-video:lock", "value": told})
    return [found[key] for key in sorted(found)]


def _fonts(root: Path) -> list[dict[str, Any]]:
    return [
        {
            "type": "file",
            "bom-ref": f"file:{path.relative_to(root).as_posix()}",
            "name": path.relative_to(root).as_posix(),
            "hashes": [
                {"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}
            ],
            "licenses": [{"expression": FONT_LICENCE}],
        }
        for path in sorted((root / "skill/studio/render/fonts").glob("*.?tf"))
    ]


def _component(kind: str, name: str, version: str, licence: str, purl: str) -> dict[str, Any]:
    return {
        "type": kind,
        "bom-ref": purl,
        "name": name,
        "version": version,
        "licenses": [{"expression": licence}],
        "purl": purl,
    }
