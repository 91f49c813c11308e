"""Reads petitions as people type them: the shipped model, its reasons, its doubts, its speed."""

from pathlib import Path

import pytest
from django.conf import settings as place
from django.test import override_settings

from thudo.routing.management.training import read_lines
from thudo.routing.queries import classification as queries
from thudo.routing.queries import classify
from thudo.routing.rules import classification as rules
from thudo.routing.rules.evaluation import apart, figures, phone_spelling

FOLDER = place.PACK_DIR / queries.FOLDER


@pytest.fixture(scope="module")
def reader() -> queries.Reader:
    found = queries.read(FOLDER)
    assert found
    return found


def test_a_plain_report_is_understood_with_the_words_that_say_so() -> None:
    found = classify("Nắp cống trước nhà số 12 bị vỡ, đi xe rất dễ ngã")

    assert found.service == "manhole"
    assert any("cong" in word for word, _ in found.words)
    assert found.model_version


@pytest.mark.parametrize(
    "text",
    [
        "Đường nhiều ổ gà quá, xin vá lại",
        "duong nhieu o ga qua, xin va lai",
        "DUONG NHIEU O GA QUA XIN VA LAI",
        "đường nhiềuổgà quá xin vá lại",
        "dg nhieu o ga qua ko di dc, xin va lai",
    ],
)
def test_accents_capitals_spaces_and_short_words_do_not_matter(text: str) -> None:
    assert classify(text).service == "road_damage"


def test_accents_that_were_typed_tell_words_apart() -> None:
    assert rules.marked_tokens_of("Hòa, hoà") == ["hoa\u0300"] * 2
    assert rules.marked_tokens_of("hoa") == []
    assert len(rules.marked_tokens_of("chưa có chùa")) == 3


def test_alternatives_are_services_likeliest_first() -> None:
    found = classify("rác thải đốt khói mù mịt cả khu")

    shares = [share for _, share in found.alternatives]
    assert shares == sorted(shares, reverse=True)
    assert {"air_smoke", "waste"} <= {code for code, _ in found.alternatives}


def test_a_text_that_says_nothing_goes_to_the_desk() -> None:
    found = classify("đề nghị xem xét giúp gia đình tôi việc này")

    assert found.service is None
    assert found.alternatives


@pytest.mark.parametrize("text", ["", "   ", "ổ", "!!!", "😀😀", "a" * 50_000, "việc " * 9_000])
def test_any_text_is_read_without_fault(text: str) -> None:
    assert classify(text).urgency in rules.URGENCIES


def test_danger_shows_the_numbers_to_call_at_once() -> None:
    fire = classify("cháy nhà rồi, có người mắc kẹt bên trong, có người bị thương")

    assert fire.urgency == "urgent"
    assert fire.danger
    assert {"114", "115"} <= set(fire.numbers)
    assert not classify("đèn đường hỏng").danger


def test_a_legal_complaint_is_told_apart_from_a_grievance() -> None:
    legal = classify("Đơn khiếu nại quyết định thu hồi đất số 12/QĐ-UBND, đề nghị thụ lý")
    grievance = classify("Tôi khiếu nại việc mất nước sạch ba ngày nay")

    assert legal.kind_not_taken == "complaint_denunciation"
    assert grievance.kind_not_taken is None
    assert grievance.service == "water_supply"


def test_an_angry_petition_with_a_matter_is_taken() -> None:
    found = classify("rác chất đống một tuần, làm ăn như hạch, dọn đi chứ")

    assert (found.kind_not_taken, found.service) == (None, "waste")


def test_the_shipped_model_was_learned_with_the_shipped_lexicon(reader: queries.Reader) -> None:
    assert reader.model.lexicon_digest == queries.lexicon_digest(FOLDER)
    assert (FOLDER / queries.MODEL).stat().st_size <= 8 * 1024 * 1024


@pytest.mark.audit
def test_the_aims_are_met_on_lines_it_has_not_seen(reader: queries.Reader) -> None:
    learned = read_lines(sorted((FOLDER / "seed").glob("*.jsonl")))
    asked, dropped = apart(
        read_lines(sorted((FOLDER / "held_back").glob("*.jsonl"))), [line.text for line in learned]
    )
    print(f"{len(dropped)} of {len(asked) + len(dropped)} held-back lines dropped as too similar")

    found = [rules.classify(line.text, reader.lexicon, reader.model) for line in asked]
    as_typed = figures(asked, found)
    on_phones = figures(
        asked,
        [rules.classify(phone_spelling(x.text), reader.lexicon, reader.model) for x in asked],
    )

    assert as_typed["top1"] >= 0.80
    assert as_typed["top3"] >= 0.93
    assert as_typed["urgent_recall"] >= 0.90
    assert as_typed["urgent_precision"] >= 0.60
    assert as_typed["inadmissible_recall"] >= 0.80
    assert as_typed["false_refusals"] <= 0.01
    assert on_phones["top1"] >= as_typed["top1"] - 0.05


def test_a_pack_without_a_model_is_read_by_its_lexicon_alone(tmp_path: Path) -> None:
    (tmp_path / queries.LEXICON).write_bytes((FOLDER / queries.LEXICON).read_bytes())

    alone = queries.read(tmp_path)

    assert alone
    found = rules.classify("nắp cống vỡ", alone.lexicon, alone.model)
    assert found.alternatives[0][0] == "manhole"


def test_a_pack_without_a_lexicon_leaves_everything_to_the_desk(
    tmp_path: Path,
) -> None:
    with override_settings(PACK_DIR=tmp_path):
        assert classify("nắp cống vỡ") == queries.UNKNOWN
