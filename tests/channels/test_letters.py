"""What a mail says: quotes and signatures cut, HTML as text, whatever bytes come."""

import base64
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.channels.conftest import a_mail, jpeg
from thudo.channels.rules import number_in
from thudo.channels.rules.mail import mail_key, read_letter, sender_of
from thudo.channels.rules.quotes import own_words, text_of_html
from thudo.channels.rules.threads import mark, message_id, number_of, reply_address


@pytest.mark.parametrize(
    ("sent", "own"),
    [
        ("Chỗ này hỏng.\n-- \nNguyễn An\n0912", "Chỗ này hỏng."),
        (
            "Đã xem.\n\nVào Th 2, 2 thg 3, 2026 vào lúc 09:00 City\n<a@b.example> đã viết:\n> cũ",
            "Đã xem.",
        ),
        ("Seen.\n\nOn Mon, Mar 2, 2026 at 9:00 AM City <a@b.example> wrote:\n> old", "Seen."),
        ("Còn.\n-----Original Message-----\nFrom: x", "Còn."),
        ("Còn.\n________________________________\nTừ: a", "Còn."),
        ("Trên\n> trích\ndưới", "Trên\ndưới"),
        ("Hỏng đèn.\nGửi từ iPhone của tôi", "Hỏng đèn."),
        ("-- ", "--"),
        ("Vào hôm qua đường ngập, hôm nay vẫn ngập.", "Vào hôm qua đường ngập, hôm nay vẫn ngập."),
    ],
)
def test_only_a_persons_own_words_are_kept(sent: str, own: str) -> None:
    assert own_words(sent) == own


def test_a_line_made_to_keep_the_patterns_busy_is_read_at_once() -> None:
    started = process_time()
    own_words("From:" + " " * 200_000 + "x\n" + "on " * 100_000)
    assert process_time() - started < 1


def test_parts_within_parts_past_the_parsers_depth_keep_their_mail() -> None:
    nested = "".join(
        f'Content-Type: multipart/mixed; boundary="{n}"\r\n\r\n--{n}\r\n' for n in range(1500)
    )
    content = f"From: an@example.org\r\n{nested}".encode()

    assert mail_key(content) != mail_key(content + b"x")
    assert sender_of(content) in {"", "an@example.org"}
    assert read_letter(content).sender == "an@example.org"


def test_html_is_read_as_lines_without_quotations_and_scripts() -> None:
    html = (
        "<style>p{}</style><script>x()</script><p>Đường <b>ngập</b> &amp; hỏng</p>"
        "<div>Số 1</div><blockquote type='cite'>cũ</blockquote>"
        "<div class='gmail_quote'><div>cũ</div> hơn</div><p>Hết"
    )
    assert text_of_html(html) == "Đường ngập & hỏng\n\nSố 1\n\nHết"


def test_an_html_only_mail_in_any_charset_is_read() -> None:
    body = base64.b64encode("<p>Cống tắc trước nhà số 5</p>".encode("utf-16")).decode()
    mail = f"From: An <an@x.example>\nContent-Type: text/html; charset=utf-16\nContent-Transfer-Encoding: base64\n\n{body}"
    assert read_letter(mail.encode()).text == "Cống tắc trước nhà số 5"
    wrong = b"From: a@x.example\nContent-Type: text/plain; charset=x-none\n\n" + "Đèn hỏng".encode()
    assert read_letter(wrong).text == "Đèn hỏng"


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied; x"}, {"Precedence": "bulk"}, {"List_Id": "<news.example>"},
        {"Return_Path": "<>"}, {"sender": "MAILER-DAEMON@example.org"}, {"sender": "no address"},
        {"X_Auto_Response_Suppress": "All"}, {"List_Unsubscribe": "<https://x.example>"},
    ],
    ids=lambda h: next(iter(h)),
)  # fmt: skip
def test_a_machine_is_known_by_its_headers(headers: dict[str, str]) -> None:
    letter = read_letter(a_mail(**headers))  # type: ignore[arg-type]
    assert letter.why_automatic
    assert not letter.answer_to
    assert not read_letter(a_mail(Auto_Submitted="no")).why_automatic


def test_logos_of_a_signature_are_no_photos() -> None:
    mail = (
        b'From: a@x.example\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\n\n--b\n'
        b"Content-Type: text/html\n\n<p>x</p>\n--b\nContent-Type: image/png\nContent-ID: <1>\n"
        b"Content-Transfer-Encoding: base64\n\n"
        + base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"0" * 99)
        + b"\n--b--\n"
    )
    assert read_letter(mail).files == ()
    photo = (
        b"From: a@x.example\nContent-Type: application/octet-stream; name=x\nContent-Transfer-Encoding: base64\n\n"
        + base64.b64encode(jpeg())
    )
    assert len(read_letter(photo).files) == 1


def test_a_copy_over_another_way_has_the_same_key_and_other_words_another() -> None:
    assert mail_key(a_mail()) == mail_key(b"Received: x\r\n" + a_mail())
    assert mail_key(a_mail()) != mail_key(a_mail("Khác"))
    assert mail_key(a_mail(key="1")) != mail_key(a_mail(key="2"))


def test_marks_are_the_citys_alone() -> None:
    def keyed(number: str) -> bytes:
        return number.encode() * 2

    address = reply_address("r@city.example", "5688561562", keyed)
    assert number_of([address.upper()], keyed) == "5688561562"
    assert (
        number_of([message_id("r@city.example", "5688561562", "k", keyed)], keyed) == "5688561562"
    )
    assert number_of([mark("5688561562", lambda _: b"another key")], keyed) == ""
    assert number_of(["", "5688561562.", "x"], keyed) == ""


def test_ten_digits_are_a_number_however_they_are_written() -> None:
    assert number_in("xin hỏi 56 88 56 15 62 ạ") == "5688561562"
    assert number_in("12345678901") == number_in("56885615") == ""


_HEADER = st.sampled_from(
    ["From: a@b.example", "Subject: =?utf-8?b?????=", "Content-Type: multipart/mixed; boundary=x",
     "Content-Type: text/plain; charset=\x00", "Content-Transfer-Encoding: base64", "To: <<<@>>,;:",
     "Content-Type: multipart/mixed", "Content-Type: message/rfc822", "Content-Disposition: attachment; filename*=u''%ff",
     "From: \"=?x?q?=00?=\" <a@b>", "Date: never", "References: <a> <b@c> <", "Reply-To: a@b.c, d@e.f",
     "Content-Type: image/jpeg; name=\"\u1ea3nh.jpg\"", "MIME-Version: 1.0", "Message-ID: x"]
)  # fmt: skip
_BODY = st.sampled_from(
    ["--x", "--x--", "", "Content-Type: text/html", "<p>", "====", "\x00", "> q", "xin chào"]
)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(_HEADER, max_size=8),
    st.lists(st.one_of(_BODY, _HEADER), max_size=20),
    st.binary(max_size=60),
)
def test_whatever_comes_a_letter_comes_out(head: list[str], body: list[str], more: bytes) -> None:
    content = "\r\n".join([*head, "", *body]).encode("utf-8", "surrogateescape") + more
    letter = read_letter(content)
    assert "\0" not in letter.text + letter.name + letter.subject
    assert mail_key(content)
    assert letter.sender or letter.why_automatic
