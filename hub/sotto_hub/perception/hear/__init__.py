"""Hearing: from the frames of one audio stream to utterances. Read `ear` first, then what it joins."""
