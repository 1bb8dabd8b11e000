"""The terminal companion: one calm screen over the typed client of the Companion API.

Pure: `plain`, `local_time`, `hanging`, `switch`, `rows`, `screen_state`, `asking`, `progress`, `notices`, `rooms`,
`books`.
Shell: `needs` (what it asks of a client), `tether` (connects, and connects again), `errands` (what the wearer asked
for, until the hub has it), `requests` (what each key asks), `question` (one question to the hub), `theme`, `app`, and
`widgets`, one a file.
Textual is imported in `keys`, `theme`, `app` and `widgets` alone; import them only to show the screen.
"""
