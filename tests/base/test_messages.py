"""Words are compiled when newer, and what is untranslated is found."""

import gettext
import os
from pathlib import Path

import pytest

from thudo.base import messages
from thudo.base.messages import Message

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Good day"
msgstr "Xin chào"

msgctxt "road"
msgid "Hole"
msgstr "Ổ gà"
"""

CODE = """
from django.utils.translation import gettext as _, pgettext, ngettext
A = _("Good day")
B = pgettext("road", "Hole")
C = pgettext("ground", "Hole")
D = ngettext("One case", "%(n)s cases", 3)
E = _(variable)
F = other("Not words")
"""

PAGE = """
{% translate "Good day" %}{% translate 'Send' %}{% translate "Hole" context "road" %}
{% blocktranslate count n=n %}One hole{% plural %}{{ n }} holes{% endblocktranslate %}
{% blocktranslate trimmed with name=unit %}
  It's with {{ name }}
{% endblocktranslate %}
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    slice_ = tmp_path / "roads"
    (slice_ / "locale" / "vi" / "LC_MESSAGES").mkdir(parents=True)
    (slice_ / "locale" / "vi" / "LC_MESSAGES" / "django.po").write_text(PO, "utf-8")
    (slice_ / "templates").mkdir()
    (slice_ / "templates" / "page.html").write_text(PAGE, "utf-8")
    (slice_ / "__init__.py").write_text("", "utf-8")
    (slice_ / "views.py").write_text(CODE, "utf-8")
    return tmp_path


def test_words_are_compiled_and_only_when_newer(root: Path) -> None:
    (written,) = messages.compile_all(root)
    again = messages.compile_all(root)
    os.utime(written.with_suffix(".po"), (2e9, 2e9))
    later = messages.compile_all(root)

    with written.open("rb") as compiled:
        assert gettext.GNUTranslations(compiled).gettext("Good day") == "Xin chào"
    assert again == []
    assert later == [written]


def test_untranslated_words_of_code_and_pages_are_listed(root: Path) -> None:
    assert messages.missing("vi", root) == [
        Message("roads", "", "It's with %(name)s"),
        Message("roads", "", "One case"),
        Message("roads", "", "One hole"),
        Message("roads", "", "Send"),
        Message("roads", "ground", "Hole"),
    ]
