"""Instants, numbers and shapes as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils import translation

from thudo.base import phrases
from thudo.base.templatetags import thudo as tags

MONDAY = datetime(2026, 2, 23, 9, 30, tzinfo=UTC)  # 16:30 in the pack's zone
NOW = MONDAY - timedelta(days=3)


@pytest.fixture(autouse=True)
def _a_city_in_hanois_zone(settings):
    settings.TIME_ZONE = "Asia/Ho_Chi_Minh"


def render(source, language="vi", **context):
    with translation.override(language):
        return engines["django"].from_string(source).render(context)


@pytest.mark.parametrize(
    ("language", "words"), [("vi", "16:30 thứ Hai 23/02"), ("en", "16:30 Monday 23 Feb")]
)
def test_an_instant_is_said_without_its_year(language, words):
    with translation.override(language):
        assert phrases.instant(MONDAY, NOW) == words


def test_a_far_instant_has_its_year():
    with translation.override("vi"):
        assert phrases.instant(MONDAY, NOW - timedelta(days=400)) == "16:30 thứ Hai 23/02/2026"


def test_a_row_says_the_date_in_figures():
    with translation.override("vi"):
        assert phrases.dated(MONDAY) == "16:30 thứ Hai 23/02/2026"
        assert phrases.date(MONDAY, NOW) == "23/02"
        assert phrases.day(MONDAY, NOW) == "thứ Hai 23/02"


def test_sunday_has_its_own_word():
    sunday = datetime(2026, 2, 22, 8, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

    with translation.override("vi"):
        assert phrases.instant(sunday, NOW) == "08:00 Chủ nhật 22/02"


def test_a_promise_is_an_instant_not_a_countdown():
    with translation.override("vi"):
        assert phrases.promise(MONDAY, NOW) == "trước 16:30 thứ Hai 23/02"


def test_the_citys_zone_decides_whatever_the_instants_own_is():
    tokyo = MONDAY.astimezone(ZoneInfo("Asia/Tokyo"))

    assert phrases.hour(tokyo) == "16:30"


@pytest.mark.parametrize(
    ("minutes", "vi", "en"),
    [
        (200, "3 giờ 20 phút làm việc", "3 hours 20 minutes of working time"),
        (60, "1 giờ làm việc", "1 hour of working time"),
        (1, "1 phút làm việc", "1 minute of working time"),
        (0, "chưa đến một phút làm việc", "less than a minute of working time"),
    ],
)
def test_what_is_left_is_said_in_working_time(minutes, vi, en):
    with translation.override("vi"):
        assert phrases.working_time(minutes) == vi
    with translation.override("en"):
        assert phrases.working_time(minutes) == en


def test_a_number_is_read_out_in_pairs():
    assert render("{{ code|pairs }}", code="0412773816") == "04 12 77 38 16"


@pytest.mark.parametrize(("language", "words"), [("vi", "1.234"), ("en", "1,234")])
def test_thousands_are_parted_as_the_language_parts_them(language, words):
    assert render("{{ n|count }}", language, n=1234) == words


def test_words_fall_back_to_the_citys_own_language():
    assert render("{{ w|say }}", "en", w={"vi": "Ngập", "en": "Flood"}) == "Flood"
    assert render("{{ w|say }}", "en", w={"vi": "Ngập"}) == "Ngập"
    assert render("{{ w|say }}", "en", w="Ngập") == "Ngập"
    assert render("{{ w|say }}", "en", w=None) == ""


def test_every_instant_on_a_page_is_machine_readable():
    html = render('{% moment at "hour" %}', at=MONDAY)

    assert html == '<time datetime="2026-02-23T09:30:00+00:00">16:30</time>'


def test_an_instant_that_is_not_known_is_nothing():
    assert render("{% moment at %}", at=None) == ""


@pytest.mark.parametrize("state", list(tags.SHAPES))
def test_each_state_has_a_shape_and_a_word(state):
    html = render("{% state_mark state %}", state=state)

    assert f"shape-{state}" in html
    assert render("{% state_word state %}", state=state) in html


def test_a_states_word_may_be_more_exact():
    assert "Quá hạn 2 giờ" in render('{% state_mark "late" "Quá hạn 2 giờ" %}')


def test_words_of_people_are_escaped_in_marks_and_lines():
    stations = [{"state": "now", "label": "<b>x</b>"}]

    assert "<b>" not in render('{% state_mark "late" w %}', w="<b>x</b>")
    assert "<b>" not in render("{% promise_mini s %}", s=stations)


def test_the_small_line_tells_its_stations_in_words():
    stations = [
        {"state": "done", "label": "Đã tiếp nhận"},
        {"state": "late", "label": "Hẹn cũ"},
        {"state": "now", "label": "Đang xử lý"},
        {"state": "future", "label": "Kết quả"},
    ]

    html = render("{% promise_mini s %}", s=stations)

    assert (
        'aria-label="Đã xong: Đã tiếp nhận; Trễ hẹn: Hẹn cũ; Hiện tại: Đang xử lý; Sắp tới: Kết quả"'
        in html
    )
    assert html.count("leg-done") == 2
    assert html.count("leg-future") == 1


def test_a_line_of_one_station_has_no_leg():
    assert "leg" not in render("{% promise_mini s %}", s=[{"state": "now", "label": "x"}])


def test_a_share_says_what_was_counted_before_the_per_cent():
    html = render(
        '{% include "components/_share.html" with label="Đúng hẹn" part=1412 whole=1420 %}'
    )

    assert "1.412 / 1.420" in html
    assert "99,4 %" in html
    assert 'width="99.4"' in html


def test_nothing_counted_is_a_dash():
    assert render("{{ 0|share:0 }}") == "–"


def test_an_icon_beside_a_word_is_silent_and_one_alone_has_a_name():
    assert 'aria-hidden="true"' in render('{% icon "camera" %}')
    assert 'role="img" aria-label="Đóng"' in render('{% icon "x" "Đóng" %}')


def test_the_upright_line_marks_the_present_station():
    stations = [
        {"state": "done", "label": "Đã nhận", "at": MONDAY},
        {"state": "now", "label": "Đang xử lý", "note": "Đã thông hai hố ga."},
        {"state": "future", "label": "Kết quả", "at": MONDAY, "form": "promise"},
    ]

    html = render('{% include "components/_promise_line.html" %}', stations=stations)

    assert html.count("<li") == 3
    assert html.count('aria-current="step"') == 1
    assert "Đã thông hai hố ga." in html
    assert "trước 16:30" in html
