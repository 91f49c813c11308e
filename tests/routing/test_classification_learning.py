"""Learning again: measured on lines held back, and never installed when it is worse."""

import json
import shutil
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from thudo.routing.management import training
from thudo.routing.queries import classification as queries
from thudo.routing.rules.evaluation import (
    Line,
    LineFault,
    apart,
    figures,
    known,
    line_from,
    losses,
    phone_spelling,
    similarity,
    trigrams,
)

FOLDER = settings.PACK_DIR / queries.FOLDER
FIGURES = {
    "top1": 0.9, "top3": 0.95, "urgent_recall": 0.9, "urgent_precision": 0.7,
    "inadmissible_recall": 0.8, "false_refusals": 0.005, "abstained": 0.05,
}  # fmt: skip


def test_a_line_of_the_exchange_format_is_read() -> None:
    data = {"text": "cháy", "service": "fire_safety", "urgency": "khẩn", "admissible": True}

    assert line_from(data) == Line("cháy", "fire_safety", "urgent", True)
    with pytest.raises(LineFault, match="service"):
        line_from({"text": "cháy"})


def test_too_similar_lines_are_dropped() -> None:
    near = Line("nắp cống vỡ trước nhà tôi", "manhole", "normal", True)
    far = Line("bao giờ có nước sạch", "water_supply", "normal", True)

    kept, dropped = apart([near, far], ["Nắp cống vỡ trước nhà tôi ạ"])

    assert (kept, dropped) == ([far], [near])
    assert similarity(trigrams("abc"), trigrams("xyz")) == 0


def test_phone_spelling_has_no_accents_and_short_words() -> None:
    assert phone_spelling("Không đi được ở phường Láng") == "ko di dc o p. lang"


def test_worse_figures_are_named() -> None:
    assert losses(FIGURES, FIGURES) == []
    assert losses(FIGURES, {**FIGURES, "top1": 0.8}) == ["top1: 0.900 -> 0.800"]
    assert losses(FIGURES, {**FIGURES, "false_refusals": 0.05})
    assert losses(dict.fromkeys(FIGURES), FIGURES) == []


def test_evaluate_prints_one_object_with_the_named_fractions(tmp_path: Path) -> None:
    out = StringIO()

    call_command("evaluate", str(FOLDER / "held_back" / "letter_hands.jsonl"), "--json", stdout=out)

    found = json.loads(out.getvalue())
    named = {
        "top1", "top3", "macro_f1", "urgent_recall", "urgent_precision", "inadmissible_recall",
        "false_refusals", "abstained", "ms_per_text",
    }  # fmt: skip
    assert named <= set(found)
    assert all(isinstance(found[name], float) for name in named)


def test_evaluate_prints_exactly_the_named_fractions_for_any_file(tmp_path: Path) -> None:
    path = tmp_path / "hidden.jsonl"
    rows = [
        {
            "text": "nắp cống vỡ trước nhà",
            "service": "!manhole",
            "urgency": "KHAN",
            "admissible": 1,
        },
        {"text": "mất nước hai ngày nay\u2028chưa có lại", "service": "water_supply"},
        {"text": "xin cảm ơn các anh công nhân", "service": "!praise", "admissible": True},
        {"text": "vay tiền nhanh, lãi thấp", "service": "spam", "urgency": None},
        {"text": "thả diều", "service": "kites", "urgency": "normal", "admissible": True},
    ]
    text = "\r\n\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("\ufeff" + text + "\n\n", "utf-8")
    out, err = StringIO(), StringIO()

    call_command("evaluate", str(path), "--json", stdout=out, stderr=err)

    found = json.loads(out.getvalue())
    assert set(found) == {
        "top1", "top3", "macro_f1", "urgent_recall", "urgent_precision", "inadmissible_recall",
        "false_refusals", "abstained", "ms_per_text",
    }  # fmt: skip
    assert found["top1"] == 1.0
    assert found["urgent_recall"] in (0.0, 1.0)
    assert "1 lines left out, services unknown here: kites (1)" in err.getvalue()
    assert "1 lines have no urgency" in err.getvalue()


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("khẩn", "urgent"), ("Khẩn cấp", "urgent"), ("khan", "urgent"), ("urgent", "urgent"),
        ("bình thường", "normal"), ("binh thuong", "normal"), ("Normal", "normal"),
        ("phức tạp", "complex"), ("phuc tap", "complex"), ("complex", "complex"),
        (None, ""), ("", ""), ("vội", ""),
    ],
)  # fmt: skip
def test_urgency_is_read_in_any_spelling(word: str | None, meant: str) -> None:
    assert line_from({"text": "a", "service": "waste", "urgency": word}).urgency == meant


def test_a_kind_is_never_admissible_whatever_the_line_says() -> None:
    praise = line_from({"text": "a", "service": "praise"})
    odd = line_from({"text": "b", "service": "!kites", "admissible": "true"})

    assert known([praise, odd], {"waste"}, {"praise"}) == (
        [Line("a", "praise", "", False)],
        {"kites": 1},
    )
    assert not line_from({"text": "c", "service": "!spam"}).is_admissible
    assert not line_from({"text": "d", "service": "spam", "admissible": "False"}).is_admissible


@pytest.mark.parametrize("row", ['{"text": "b", ', "[1, 2]", '{"text": 7, "service": "waste"}'])
def test_evaluate_says_which_line_cannot_be_read(tmp_path: Path, row: str) -> None:
    (tmp_path / "bad.jsonl").write_text('{"text": "a", "service": "waste"}\n\n' + row)

    with pytest.raises(CommandError, match=r"bad\.jsonl:3: (this is not|the member)"):
        call_command("evaluate", str(tmp_path / "bad.jsonl"))


def test_evaluate_says_what_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_bytes(b"\xff\xfe\x00a")

    with pytest.raises(CommandError, match="not UTF-8"):
        call_command("evaluate", str(tmp_path / "bad.jsonl"))


def test_lines_too_like_a_learned_one_are_dropped_when_asked(tmp_path: Path) -> None:
    first = (FOLDER / "seed" / "field.jsonl").read_text("utf-8").splitlines()[0]
    other = json.dumps({"text": "zigzag quokka", "service": "waste", "urgency": "normal"})
    (tmp_path / "x.jsonl").write_text(f"{first}\n{other}\n", "utf-8")
    err = StringIO()

    call_command("evaluate", str(tmp_path / "x.jsonl"), "--apart", stdout=StringIO(), stderr=err)

    assert "1 lines dropped" in err.getvalue()


def test_evaluate_names_file_and_line_of_a_fault(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text('{"text": "a", "service": "waste"}\n{"text": "b"}\n')

    with pytest.raises(CommandError, match=r"bad\.jsonl:2"):
        call_command("evaluate", str(tmp_path / "bad.jsonl"))


def test_a_worse_model_is_refused_and_the_present_one_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = small_pack(tmp_path)
    before = (pack / queries.FOLDER / queries.MODEL).read_bytes()
    learn_quickly(monkeypatch)
    nonsense = tmp_path / "nonsense.jsonl"
    nonsense.write_text(
        "".join(
            json.dumps({"text": f"rác {n} đổ đầy đường", "service": "noise"}) + "\n"
            for n in range(40)
        )
    )
    thin(pack)

    with pytest.raises(CommandError, match="worse and was not installed"):
        call_command("learn", "--pack", str(pack), "--add", str(nonsense), stdout=StringIO())

    assert (pack / queries.FOLDER / queries.MODEL).read_bytes() == before


@pytest.mark.audit
def test_the_first_model_is_installed_and_the_same_lines_give_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = small_pack(tmp_path)
    thin(pack)
    learn_quickly(monkeypatch)
    path = pack / queries.FOLDER / queries.MODEL
    path.unlink()

    call_command("learn", "--pack", str(pack), stdout=StringIO())
    first = queries.read_model(path).version
    call_command("learn", "--pack", str(pack), stdout=StringIO())

    assert queries.read_model(path).version == first


def test_a_line_of_an_unknown_service_is_refused(tmp_path: Path) -> None:
    pack = small_pack(tmp_path)
    more = tmp_path / "more.jsonl"
    more.write_text(json.dumps({"text": "việc lạ lắm đây", "service": "unheard_of"}) + "\n")

    with pytest.raises(CommandError, match="unheard_of"):
        call_command("learn", "--pack", str(pack), "--add", str(more), stdout=StringIO())


def test_nothing_to_divide_by_is_said_as_nothing() -> None:
    assert figures([], [])["top1"] is None


def small_pack(folder: Path) -> Path:
    shutil.copytree(FOLDER, folder / queries.FOLDER)
    return folder


def learn_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "VARIANTS", 0)


def thin(pack: Path) -> None:
    """A few seed lines of each service and urgency are enough here."""
    seed, kept = pack / queries.FOLDER / "seed", dict[tuple[str, str], list[str]]()
    for path in sorted(seed.glob("*.jsonl")):
        for row in path.read_text("utf-8").splitlines():
            line = json.loads(row)
            kept.setdefault((line["service"], line["urgency"]), []).append(row)
        path.unlink()
    few = [row for rows in kept.values() for row in rows[:3]]
    (seed / "few.jsonl").write_text("\n".join(few), "utf-8")
