"""The reference of the memory's API is what the docstrings say."""

from tests.architecture.reference import PAGE, page


def test_the_page_of_the_api_is_made_from_the_docstrings() -> None:
    written = PAGE.read_text(encoding="utf-8")
    assert written == page(), "run: python -m tests.architecture.reference"
