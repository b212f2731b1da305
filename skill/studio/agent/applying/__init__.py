"""How each edit changes a draft: one function an edit, found by ``apply.apply``."""
