"""Nothing that people read is left without its Vietnamese."""

from thudo.base import messages


def test_no_message_lacks_its_vietnamese() -> None:
    assert messages.missing() == []
