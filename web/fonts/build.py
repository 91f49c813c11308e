"""Builds the committed fonts from the npm package @fontsource/be-vietnam-pro (run by hand).

Per weight: one WOFF2 with the latin and vietnamese subsets merged, and one digits-only cut
("BVP Figures") in which every figure has the same advance, because the family has no `tnum`.
Prints the metrics that css/fonts.css needs for the fallback face.
Usage, in web/: ../.venv/bin/python fonts/build.py [LiberationSans-Regular.ttf]
"""

import io
import sys
import unicodedata
from pathlib import Path

from fontTools.merge import Merger, Options
from fontTools.subset import Options as SubsetOptions
from fontTools.subset import Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
SOURCE = HERE.parent / "node_modules/@fontsource/be-vietnam-pro/files"
FIGURES = "0123456789.,:/- %"
# Wider than the widest figure of weight 600, so that nothing collides (units of 1000 em).
FIGURE_ADVANCE = 690
SAMPLE = (
    "Đơn vị đang phụ trách sẽ xác nhận việc tiếp nhận trước giờ hẹn. Mặt đường trước số nhà "
    "bị sụt lún, nước thoát chậm sau mưa lớn; xin thành phố kiểm tra và xử lý giúp người dân. "
)


def merged(weight: int) -> TTFont:
    """Latin and vietnamese subsets of one weight as one font."""
    parts = []
    for subset in ("latin", "vietnamese"):
        font = TTFont(SOURCE / f"be-vietnam-pro-{subset}-{weight}-normal.woff2")
        font.flavor = None
        # The layout of two subsets cannot be merged glyph class by glyph class; Vietnamese
        # letters are precomposed (NFC), so kerning is all that is kept, from the latin part.
        if subset != "latin":
            for tag in ("GPOS", "GSUB", "GDEF"):
                if tag in font:
                    del font[tag]
        plain = io.BytesIO()
        font.save(plain)
        plain.seek(0)
        parts.append(plain)
    options = Options()
    options.drop_tables = ["DSIG", "gasp", "prep", "fpgm", "cvt "]
    return Merger(options=options).merge(parts)


def figures(weight: int) -> TTFont:
    """Digits of one weight, each centred on the same advance."""
    font = TTFont(SOURCE / f"be-vietnam-pro-latin-{weight}-normal.woff2")
    options = SubsetOptions()
    options.layout_features = []
    options.drop_tables += ["GSUB", "GPOS", "GDEF"]
    subsetter = Subsetter(options=options)
    subsetter.populate(text=FIGURES)
    subsetter.subset(font)
    names = font.getBestCmap()
    for digit in "0123456789":
        _centre(font, names[ord(digit)], FIGURE_ADVANCE)
    return font


def _centre(font: TTFont, name: str, advance: int) -> None:
    glyph = font["glyf"][name]
    old, bearing = font["hmtx"][name]
    shift = (advance - old) // 2
    glyph.coordinates.translate((shift, 0))
    glyph.recalcBounds(font["glyf"])
    font["hmtx"][name] = (advance, bearing + shift)


def width(font: TTFont, text: str) -> float:
    """Width of a text in em, without kerning."""
    names, metrics = font.getBestCmap(), font["hmtx"]
    units = font["head"].unitsPerEm
    return sum(metrics[names[ord(c) if ord(c) in names else _base(c)]][0] for c in text) / units


def _base(letter: str) -> int:
    """The plain letter under a marked one (Liberation Sans, which measures as Arial, lacks some)."""
    return ord(unicodedata.normalize("NFD", letter)[0].replace("đ", "d"))


def main() -> None:
    fallback = TTFont(sys.argv[1]) if len(sys.argv) > 1 else None
    for weight in (400, 600):
        for name, font in (("text", merged(weight)), ("figures", figures(weight))):
            font.flavor = "woff2"
            target = HERE / f"be-vietnam-pro-{name}-{weight}.woff2"
            font.save(target)
            print(target.name, target.stat().st_size, "bytes")
        font = TTFont(HERE / f"be-vietnam-pro-text-{weight}.woff2")
        hhea, em = font["hhea"], font["head"].unitsPerEm
        print("ascent", hhea.ascent / em, "descent", hhea.descent / em, "gap", hhea.lineGap / em)
        print("sample width", width(font, SAMPLE))
        if fallback:
            ratio = width(font, SAMPLE) / width(fallback, SAMPLE)
            print(f"size-adjust {ratio:.2%}  ascent-override {hhea.ascent / em / ratio:.2%}")
            print(f"descent-override {-hhea.descent / em / ratio:.2%}")


if __name__ == "__main__":
    main()
