"""A person's own words in a mail: without what is quoted, without the signature; HTML as text."""

import re
from html.parser import HTMLParser

# Lines by which mail programs lead in what they quote, in the languages they speak here.
_LEAD_IN = re.compile(
    r"^\s*("
    r"(on|vào|vao)\b.{4,200}\b(wrote|đã viết|da viet|viết|viet)\s*:?"
    r"|-{2,}\s*(original message|forwarded message|thư gốc|tin nhắn gốc|thư đã chuyển tiếp)\s*-{2,}"
    r"|_{20,}"
    r"|(from|từ|người gửi)\s*:[^@]*@.*"
    r")\s*$",
    re.IGNORECASE,
)
_SIGNATURE = re.compile(
    r"^(--\s?|(sent from my|gửi từ|được gửi từ|get outlook for|tải outlook)\b.*)$", re.IGNORECASE
)
# A lead-in or a signature's line is short; what a person writes fits in the other many times.
_LONGEST_LINE, _LONGEST_TEXT = 300, 100_000
_BLANKS = re.compile(r"\n{3,}")
_BREAKS = frozenset(
    ["p", "div", "br", "tr", "li", "table", "h1", "h2", "h3", "h4", "blockquote", "hr", "ul", "ol"]
)
_UNSEEN = frozenset({"script", "style", "head", "title", "template"})
_QUOTING = re.compile(r"gmail_quote|moz-cite-prefix|yahoo_quoted|divRplyFwdMsg|zmail_extra")


def own_words(text: str) -> str:
    """The words above the first quotation, without quoted lines between, without the signature."""
    text = text[:_LONGEST_TEXT]
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for place, line in enumerate(lines):
        # A lead-in may be broken over two lines.
        head = _head(line)
        both = f"{head} {_head(lines[place + 1])}" if place + 1 < len(lines) else head
        if _LEAD_IN.match(head) or (_starts_lead_in(head) and _LEAD_IN.match(both)):
            break
        if _SIGNATURE.match(head) and any(one.strip() for one in kept):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line.rstrip())
    return _BLANKS.sub("\n\n", "\n".join(kept)).strip()


def _head(line: str) -> str:
    """What the patterns see of a line: they look back and forth, so never at a megabyte."""
    return line.strip()[:_LONGEST_LINE]


def _starts_lead_in(line: str) -> bool:
    return line.lstrip().lower().startswith(("on ", "vào ", "vao "))


def text_of_html(html: str) -> str:
    """HTML as lines of text; what mail programs mark as a quotation is left out."""
    reader = _Reader()
    try:
        reader.feed(html[:2_000_000])
        reader.close()
    except (AssertionError, ValueError):
        # html.parser gives up on some malformed declarations: what was read until there stands.
        pass
    lines = "".join(reader.pieces).split("\n")
    return _BLANKS.sub("\n\n", "\n".join(" ".join(line.split()) for line in lines)).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        # The open elements within the first that is not read.
        self._skipped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipped:
            if tag == self._skipped[0]:
                self._skipped.append(tag)
        elif tag in _UNSEEN or _is_quotation(tag, attrs):
            self._skipped.append(tag)
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self._skipped and tag == self._skipped[-1]:
            self._skipped.pop()
        if tag in _BREAKS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._skipped:
            self.pieces.append(data.replace("\n", " "))


def _is_quotation(tag: str, attrs: list[tuple[str, str | None]]) -> bool:
    named = " ".join(value or "" for name, value in attrs if name in {"class", "id", "type"})
    return (tag == "blockquote" and "cite" in named) or bool(_QUOTING.search(named))
