"""What works here and what does not: looked at, never changed.

    for finding in examine(Case.read()): print(finding.name, finding.grade, finding.found)

finding        one thing that was looked at, and what mends it
case           what all checks look at: the environment, the state folder, who answers
examination    the checks in order, each of which survives whatever it finds
installation   Python, the package's own files, the packages that it needs
surroundings   variables, the state folder, disks
account        token, client id, credits
backend        which one answers, and whether it can
studio         its process, its encoders and fonts, a render

Nothing is spent or made: no token is asked for, no file is mended, and the studio that is
started for a look lives in a folder of its own.
"""

from __future__ import annotations

from skill.doctor.case import Case
from skill.doctor.examination import examine
from skill.doctor.finding import Finding, Grade

__all__ = ["Case", "Finding", "Grade", "examine"]
