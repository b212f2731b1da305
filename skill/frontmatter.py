"""SKILL.md -> name, version and platform: what the attribution headers say.

SKILL.md lies inside the package (a wheel carries it as ``skill/SKILL.md``) or
beside the package folder (a checkout, a copied folder). The version stands in
``metadata.version``, where the Agent Skills specification puts it; a top-level
``version`` is read too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from skill.errors import ManifestError
from skill.settings import Settings

PACKAGE = Path(__file__).parent
# What PyYAML raises over a value that is not what its tag says (``!!timestamp soon``).
_ODD_VALUES = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class Manifest:
    """What the frontmatter of a SKILL.md says, and where that file lies."""

    name: str
    version: str
    path: Path


@dataclass(frozen=True)
class Attribution:
    """Who asks: sent with every request. Without it an export answers 402."""

    source: str
    version: str
    platform: str

    @property
    def headers(self) -> dict[str, str]:
        return {
            "X-Skill-Source": self.source,
            "X-Skill-Version": self.version,
            "X-Skill-Platform": self.platform,
        }


def find() -> Path:
    """The SKILL.md that this package belongs to. Raises ManifestError if there is none."""
    places = (PACKAGE / "SKILL.md", PACKAGE.parent / "SKILL.md")
    for place in places:
        if place.is_file():
            return place
    raise ManifestError(
        f"SKILL.md is missing: it was looked for at {places[0]} and {places[1]}. "
        "Install the skill again."
    )


def read(path: Path | None = None) -> Manifest:
    """Read name and version from a SKILL.md, this package's own unless told otherwise.

    Raises ManifestError, which names the file and what is wrong with it.
    """
    path = path or find()
    fields = parse(_text(path), path)
    metadata = fields.get("metadata")
    version = metadata.get("version") if isinstance(metadata, Mapping) else None
    return Manifest(
        name=_value(fields.get("name"), "name", path),
        version=_value(version if _given(version) else fields.get("version"), "version", path),
        path=path,
    )


def parse(text: str, path: Path | str = "SKILL.md") -> Mapping[str, object]:
    """The frontmatter of a SKILL.md as a mapping. ``path`` is only for the error's words."""
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].rstrip() != "---":
        raise ManifestError(f"{path} does not begin with a line of three dashes (---).")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        raise ManifestError(f"The frontmatter of {path} has no closing line of three dashes (---).")

    import yaml  # 15 ms: only where the headers are needed

    try:
        fields = yaml.safe_load("\n".join(lines[1:end]))
    except (yaml.YAMLError, *_ODD_VALUES, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark else ""
        raise ManifestError(f"The frontmatter of {path} is not valid YAML{where}.") from None
    if not isinstance(fields, Mapping):
        raise ManifestError(f"The frontmatter of {path} has no fields such as 'name: ...'.")
    return fields


def attribution(settings: Settings, path: Path | None = None) -> Attribution:
    """The attribution of this installation; SKILL_SOURCE overrides the platform."""
    manifest = read(path)
    return Attribution(manifest.name, manifest.version, settings.source or platform(manifest.path))


def platform(path: Path) -> str:
    """The assistant whose folder SKILL.md lies in, from its own path and nothing else."""
    # As it was found and with links resolved, since installers link the folder into place. The
    # assistants' folders are only named here: nothing looks at whether they are there.
    for home in {Path.home(), Path.home().resolve()}:
        for base, name in ((home / ".clawhub", "clawhub"), (home / ".cursor" / "skills", "cursor")):
            if path.absolute().is_relative_to(base) or path.resolve().is_relative_to(base):
                return name
    return "unknown"


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ManifestError(f"{path} is not UTF-8 text.") from None
    except OSError as error:
        raise ManifestError(f"{path} cannot be read: {error.strerror}.") from None


def _given(value: object) -> bool:
    return value is not None and str(value).strip() != ""


def _value(value: object, name: str, path: Path) -> str:
    text = str(value).strip() if isinstance(value, (str, int, float)) else ""
    if not text or isinstance(value, bool):
        raise ManifestError(f"The frontmatter of {path} has no {name}.")
    if len(text) > 200 or not all(" " <= character <= "~" for character in text):
        raise ManifestError(
            f"The {name} in the frontmatter of {path} is {text[:40]!r}; "
            "a header can carry plain ASCII letters, digits and signs only."
        )
    return text
