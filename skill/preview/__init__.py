"""Looking at a project without rendering it: a sheet of frames, single frames, the last edit.

    Skill().preview()                    the contact sheet
    Skill().preview(3.5)                 the frame at 3.5 s
    Skill().preview(before_after=True)   the last edit, before and after

Pictures come over the protocol: from the path that the state names for them, else out of the
media that it lists. What is drawn around them is drawn in a process of its own.
"""
