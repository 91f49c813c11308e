"""The place that a text names, found in the shipped pack; no database."""

import csv
import io
from pathlib import Path

import pytest

from tests.packs.folders import HANOI, MARSA
from thudo.cli import main
from thudo.directory.rules.locating import Candidate, Gazetteer, locate, wrong_words
from thudo.directory.rules.locating.numbering import guesses
from thudo.directory.rules.locating.streets import Spot, Street
from thudo.packs.rules.gazette import sources


@pytest.fixture(scope="module")
def hanoi() -> Gazetteer:
    return Gazetteer(sources(HANOI))


def first(gazetteer: Gazetteer, text: str) -> Candidate:
    return locate(gazetteer, text)[0]


@pytest.mark.parametrize(
    ("text", "ward"),
    [
        ("trước số 420 Khương Đình", "00364"),
        ("truoc so 420 khuong dinh", "00364"),
        ("rác đổ đầy trước số 420 Khương Đình, không ai dọn", "00364"),
        ("số 36 Duy Tân", "00166"),
        ("36 Duy Tan, q. Cau Giay", "00166"),
        ("đ.Khương Đình số 420", "00364"),
        ("ngõ 12 Láng Hạ, Ba Đình", "00025"),
        ("số 5 ngách 3 ngõ 40 Tạ Quang Bửu", "00292"),
        ("chợ Đồng Xuân", "00070"),
        ("cổng trường tiểu học Kim Liên", "00229"),
        ("bv bach mai", "00229"),
        ("xã Phụng Châu huyện Chương Mỹ", "10015"),
        ("phường Phúc Xá cũ", "00097"),
        ("xã Cổ Bi, Gia Lâm", "00565"),
        ("phuong khuong dinh", "00364"),
        ("319 pho hue", "00256"),
    ],
)
def test_the_ward_of_what_is_named_comes_first(hanoi: Gazetteer, text: str, ward: str) -> None:
    assert first(hanoi, text).ward == ward


@pytest.mark.parametrize("text", ["420 Khuơng Đìn", "420 khuongdinh", "420 Khương Đìnhh"])
def test_a_slip_of_the_finger_is_forgiven(hanoi: Gazetteer, text: str) -> None:
    assert first(hanoi, text).ward == "00364"


@pytest.mark.parametrize("pair", [("Hoà Bình", "Hòa Bình"), ("phường Yên Hoà", "phường Yên Hòa")])
def test_the_tone_may_stand_on_either_letter(hanoi: Gazetteer, pair: tuple[str, str]) -> None:
    one, other = (locate(hanoi, text) for text in pair)

    assert [c.ward for c in one] == [c.ward for c in other]


@pytest.mark.parametrize("text", ["phường Kim Mã cũ", "Nguyễn Trãi", "q. Thanh Xuân", "WinMart+"])
def test_what_lies_in_several_wards_is_not_said_to_be_sure(hanoi: Gazetteer, text: str) -> None:
    found = locate(hanoi, text)

    assert found[0].confidence < 0.5
    assert len(found) > 1


@pytest.mark.parametrize(
    "text",
    [
        "so 3 gần chợ nào đó",
        "so 3 cho nao do",
        "chợ này bẩn quá",
        "cho nay ban qua",
        "bến xe buýt đâu đó quanh đây",
        "ben xe buyt dau do quanh day",
        "doan duong moi lam truoc nha ba ngoai",
        "trước cổng trường con tôi học",
        "số 6 đường mới mở",
        "phố trong làng",
        "ngân hàng cạnh bờ sông",
        "ngã tư đèn đỏ hôm qua",
    ],
)
def test_what_only_points_without_a_name_is_never_sure(hanoi: Gazetteer, text: str) -> None:
    assert all(one.confidence < 0.5 for one in locate(hanoi, text))


def test_an_indefinite_word_is_a_slip_for_no_name(hanoi: Gazetteer) -> None:
    assert locate(hanoi, "gần chợ nào đó") == []
    assert locate(hanoi, "gan cho nao do") == []


def test_a_slip_is_sure_only_when_a_second_name_agrees(hanoi: Gazetteer) -> None:
    alone = first(hanoi, "420 khuong dnih")
    agreed = first(hanoi, "420 khuong dnih, thanh xuan")

    assert alone.ward == agreed.ward == "00364"
    assert alone.confidence < 0.5 <= agreed.confidence


def test_a_slip_may_lose_a_tone_but_not_make_another(hanoi: Gazetteer) -> None:
    assert first(hanoi, "420 Khương Đìn").ward == "00364"
    assert first(hanoi, "420 Khương Đin").ward == "00364"
    assert locate(hanoi, "420 Khương Đín") == []


def test_a_number_behind_vague_words_is_still_a_number(hanoi: Gazetteer) -> None:
    assert first(hanoi, "Đại Cồ Việt gần nhà 29").found == "29 Đại Cồ Việt"


@pytest.mark.parametrize("text", ["", "xin hỏi bao giờ sửa xong", "Hà Nội", "12", "ok"])
def test_a_text_without_a_place_has_none(hanoi: Gazetteer, text: str) -> None:
    assert locate(hanoi, text) == []


def test_the_ward_beside_a_street_narrows_it(hanoi: Gazetteer) -> None:
    alone = first(hanoi, "Nguyễn Trãi")
    narrowed = first(hanoi, "Nguyễn Trãi, phường Khương Đình")

    assert narrowed.ward == "00364"
    assert narrowed.confidence > max(0.5, alone.confidence)


def test_a_number_between_two_known_ones_lies_between_them(hanoi: Gazetteer) -> None:
    street = hanoi.streets["khuong dinh"]
    even = sorted({s.number: s for s in street.spots if s.number and s.number % 2 == 0}.values())
    below, above = even[0], even[-1]
    wanted = next(
        n for n in range(below.number + 2, above.number, 2) if n not in [s.number for s in even]
    )
    found = first(hanoi, f"số {wanted} Khương Đình")

    assert found.precision == "near_number"
    assert min(s.latitude for s in even) <= found.latitude <= max(s.latitude for s in even)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("ngõ 164 Khương Đình", "Ngõ 164 Khương Đình"),
        ("ngo 164 khuong dinh", "Ngõ 164 Khương Đình"),
        ("số 5 ngách 34 ngõ 12 Đội Cấn", "5 ngách 34 ngõ 12 Đội Cấn"),
        ("164 Khương Đình", "164 Khương Đình"),
    ],
)
def test_a_lane_is_called_a_lane(hanoi: Gazetteer, text: str, label: str) -> None:
    assert first(hanoi, text).found == label


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("466 Đường Quang Trung", "466 Quang Trung"),
        ("466 duong quang trung", "466 Quang Trung"),
        ("137 Phố Ngọc Lâm", "137 Ngọc Lâm"),
        ("16 Ngõ 67 Tô Ngọc Vân", "16 ngõ 67 Tô Ngọc Vân"),
        ("24 Quang Trung", "24 Quang Trung"),
    ],
)
def test_an_address_is_not_cut_into_other_names(hanoi: Gazetteer, text: str, label: str) -> None:
    assert first(hanoi, text).found == label


def test_a_name_across_a_comma_is_none(hanoi: Gazetteer) -> None:
    assert first(hanoi, "Phường Thanh Xuân, Hà Nội").ward == first(hanoi, "p. Thanh Xuân").ward


def test_a_wards_name_is_no_street_and_what_stands_in_a_block_no_house(hanoi: Gazetteer) -> None:
    assert first(hanoi, "tổ dân phố 7 phường Khương Đình").precision == "ward"
    assert all(one.precision != "number" for one in locate(hanoi, "chung cư HH4 Linh Đàm"))


def test_the_second_candidate_is_never_surer_than_the_first(hanoi: Gazetteer) -> None:
    for text in ("Nguyễn Trãi", "phường Kim Mã cũ", "10 Trần Phú", "trường tiểu học Nguyễn Trãi"):
        sure = [one.confidence for one in locate(hanoi, text)]
        assert sure == sorted(sure, reverse=True)


def _street(*spots: tuple[int, float, float]) -> Street:
    street = Street("x", 1)
    for number, longitude, latitude in spots:
        street.add(Spot(number, str(number), (), 0, longitude, latitude, 1.0, "x"))
    return street


def test_a_number_is_guessed_between_its_neighbours_on_its_own_side() -> None:
    street = _street((10, 105.8, 21.0), (30, 105.802, 21.0), (21, 105.801, 21.01))

    guess = next(guesses(street, 20, {}))

    assert (guess.longitude, guess.latitude) == pytest.approx((105.801, 21.0))


def test_beyond_the_last_number_the_street_goes_on_but_less_surely() -> None:
    street = _street((10, 105.8, 21.0), (30, 105.802, 21.0))

    near, far = next(guesses(street, 32, {})), next(guesses(street, 90, {}))

    assert 105.802 < near.longitude < far.longitude < 105.807
    assert near.blur < far.blur
    assert near.weight > far.weight


def test_streets_of_one_name_far_apart_are_guessed_apart() -> None:
    street = _street((10, 105.8, 21.0), (12, 105.8, 21.001), (10, 105.9, 21.1))

    assert sorted(round(g.longitude, 1) for g in guesses(street, 10, {})) == [105.8, 105.9]


def test_another_city_has_other_names_and_needs_no_words() -> None:
    marsa = Gazetteer(sources(MARSA))

    assert first(marsa, "Souk al Bahr").ward == "M2"
    assert first(marsa, "rue des pecheurs").ward == "M1"
    assert [c.ward for c in locate(marsa, "Saint-Élie", 2)] == ["M1", "M2"]


def test_the_command_answers_a_table_line_by_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "in.csv"
    table.write_text('id,text\na,"36 Duy Tân, Cầu Giấy"\nb,cảm ơn\n', "utf-8")

    assert main(["locate", "--file", str(table), "--pack", str(HANOI)]) == 0

    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [row["id"] for row in rows] == ["a", "b"]
    assert rows[0]["ward_code"] == "00166"
    assert float(rows[0]["confidence"]) >= 0.5
    assert abs(float(rows[0]["lon"]) - 105.785) < 0.01
    assert rows[1] == {"id": "b", "ward_code": "", "lon": "", "lat": "", "confidence": ""}


def test_the_command_wants_a_text_or_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "in.csv"
    table.write_text("number,words\n1,x\n", "utf-8")

    assert main(["locate", "--pack", str(HANOI)]) == 1
    assert main(["locate", "--file", str(table), "--pack", str(HANOI)]) == 1
    assert "columns id and text" in capsys.readouterr().err


def test_words_that_mean_nothing_are_refused() -> None:
    problems = dict(wrong_words({"lane": "ngõ", "lanes": ["ngõ"], "short": {"th": ""}}))

    assert problems["lane"] == '"lane" is not a list of words.'
    assert problems["lanes"] == 'The entry "lanes" means nothing here.'
    assert problems["th"] == '"th" is short for nothing.'
