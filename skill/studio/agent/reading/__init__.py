"""A clause -> the wishes in it: one module a family of edits.

A reader takes a clause and what is known of the session, and gives wishes, or
None where the clause is not of its kind. ``READERS`` is their order: what is
surely a command comes before what may be a description of a picture.
"""
