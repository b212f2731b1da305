"""What a model would make, made here: painted scenes, music, the sound of a place."""
