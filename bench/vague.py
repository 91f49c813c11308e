"""How often a place is read into words that name none: `python bench/vague.py [--show N]`.

Every text says what is meant and not which one ("số 3 gần chợ nào đó"), with accents and without.
Prints how many get a confidence of 0.5 or more, all of them wrongly.
"""

import argparse
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from thudo.base.folding import fold
from thudo.directory.rules.locating import Gazetteer, locate
from thudo.packs.rules.gazette import sources

PACK = Path(__file__).resolve().parents[1] / "packs" / "hanoi"
BEFORE = ("", "số 3 gần ", "ngõ 15 cạnh ", "rác đầy ở ")
KINDS = (
    "chợ", "trường", "trường học", "chùa", "đình", "hồ", "công viên", "bệnh viện", "ngõ", "phố",
    "đường", "cầu", "bến xe", "khu đô thị", "siêu thị", "cây xăng", "nhà văn hóa", "nghĩa trang",
    "sân vận động", "quán ăn", "tòa nhà", "trường mầm non", "ngã tư", "trạm y tế", "ngân hàng",
    "khu tập thể", "vườn hoa", "cống", "cửa hàng", "sông",
)  # fmt: skip
BEHIND = (
    "nào đó", "này", "kia", "gần nhà tôi", "gần đây", "đâu đó", "gì đó", "to lắm", "bên cạnh",
    "trong làng", "hôm qua", "của bà con", "quê tôi", "bẩn quá", "đông người", "vừa xây xong",
    "nhà mình", "không có tên", "mà tôi quên tên", "ở đầu ngõ", "cuối phố", "ấy", "nọ", "chỗ rẽ",
    "sau nhà", "hôi thối", "đang sửa", "con tôi học", "tôi hay đi qua", "bị hỏng",
    "lúc nào cũng tắc", "trước mặt", "cạnh bờ sông", "hay ngập", "chưa có đèn", "đằng sau",
    "xuống cấp", "cần dọn dẹp",
)  # fmt: skip


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--show", type=int, default=0, help="show so many of the sure ones")
    args = options.parse_args()
    gazetteer = Gazetteer(sources(PACK))
    for name, texts in (("with accents", list(written())), ("without", list(map(fold, written())))):
        found = ((text, locate(gazetteer, text, 1)) for text in texts)
        sure = [(text, one[0]) for text, one in found if one and one[0].confidence >= 0.5]
        print(f"{name}: {len(texts)} texts, sure {len(sure)} ({len(sure) / len(texts):.2%})")
        for text, one in sure[: args.show]:
            print(f"  {one.confidence:.2f} {text!r} {one.found!r} {gazetteer.rows[one.ward].full}")


def written() -> Iterator[str]:
    return (f"{before}{kind} {behind}" for before, kind, behind in product(BEFORE, KINDS, BEHIND))


if __name__ == "__main__":
    main()
