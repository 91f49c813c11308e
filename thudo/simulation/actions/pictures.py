"""Drawn pictures for invented petitions: plainly drawings, each marked as an illustration."""

import io
import random
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFilter

SIZE = (1200, 900)
SKY, ROAD, KERB, GREEN = (205, 222, 226), (96, 102, 106), (176, 172, 160), (86, 128, 92)


@lru_cache(maxsize=64)
def picture(kind: str, *, after: bool, seed: int) -> bytes:
    """A JPEG of a scene ("road", "manhole", "water", "lamp", "waste", "tree", "pavement",
    "smoke") before or after the work."""
    dice = random.Random(f"{kind}{seed}")
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    _street(draw, dice)
    if kind in _TROUBLES:
        _TROUBLES[kind](draw, dice, after)
    image = image.filter(ImageFilter.GaussianBlur(1.2))
    _mark(image)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=82)
    return out.getvalue()


def _street(draw: ImageDraw.ImageDraw, dice: random.Random) -> None:
    x = 0
    while x < SIZE[0]:
        width, height = dice.randint(110, 210), dice.randint(180, 380)
        tone = dice.choice([(226, 214, 184), (214, 200, 170), (196, 206, 198), (222, 208, 206)])
        draw.rectangle((x, 430 - height, x + width, 470), fill=tone)
        for row in range(3):
            for column in range(2):
                left, top = x + 22 + column * 70, 450 - height + row * 90
                if top < 400:
                    draw.rectangle((left, top, left + 34, top + 46), fill=(120, 138, 146))
        x += width + 8
    draw.rectangle((0, 460, SIZE[0], 540), fill=KERB)
    draw.polygon([(0, 540), (SIZE[0], 540), (SIZE[0], 900), (0, 900)], fill=ROAD)
    for start in range(-40, SIZE[0], 220):
        draw.polygon(
            [(start, 700), (start + 120, 700), (start + 128, 716), (start - 6, 716)],
            fill=(226, 226, 214),
        )


def _hole(draw: ImageDraw.ImageDraw, dice: random.Random, after: bool) -> None:
    x, y = dice.randint(380, 620), dice.randint(740, 780)
    if after:
        draw.rounded_rectangle((x - 190, y - 56, x + 190, y + 66), 18, fill=(66, 70, 73))
        return
    draw.ellipse((x - 170, y - 50, x + 170, y + 60), fill=(58, 52, 46))
    draw.ellipse((x - 130, y - 30, x + 120, y + 44), fill=(38, 34, 30))
    for _ in range(26):
        a, b = x + dice.randint(-230, 230), y + dice.randint(-80, 90)
        draw.ellipse((a, b, a + 12, b + 8), fill=(120, 116, 108))


def _cover(draw: ImageDraw.ImageDraw, dice: random.Random, after: bool) -> None:
    x, y = 560, 760
    draw.ellipse((x - 150, y - 60, x + 150, y + 60), fill=(52, 54, 56) if after else (16, 16, 16))
    if after:
        for step in range(-120, 121, 40):
            draw.line((x + step, y - 44, x + step, y + 44), fill=(92, 96, 98), width=6)
        return
    draw.pieslice((x - 150, y - 60, x + 150, y + 60), 150, 290, fill=(74, 76, 78))
    draw.line((x + 40, y, x + 90, y - 210), fill=(92, 70, 46), width=10)


def _water(draw: ImageDraw.ImageDraw, dice: random.Random, after: bool) -> None:
    if after:
        draw.ellipse((240, 760, 520, 800), fill=(112, 124, 128))
        return
    draw.rectangle((0, 560, SIZE[0], 900), fill=(118, 120, 96))
    for _ in range(60):
        a, b = dice.randint(0, SIZE[0]), dice.randint(580, 890)
        draw.line((a, b, a + dice.randint(40, 130), b), fill=(150, 152, 128), width=3)


def _lamp(draw: ImageDraw.ImageDraw, dice: random.Random, after: bool) -> None:
    draw.rectangle((0, 0, SIZE[0], 470), fill=(34, 44, 58))
    draw.rectangle((0, 470, SIZE[0], 900), fill=(70, 66, 58) if after else (24, 26, 28))
    for x in (240, 600, 960):
        draw.line((x, 540, x, 150), fill=(110, 116, 120), width=10)
        draw.line((x, 156, x + 90, 150), fill=(110, 116, 120), width=8)
        if after:
            draw.polygon([(x + 60, 160), (x + 120, 160), (x + 260, 860), (x - 90, 860)],
                         fill=(196, 178, 120))  # fmt: skip
        colour = (255, 240, 190) if after else (58, 60, 62)
        draw.ellipse((x + 62, 142, x + 118, 172), fill=colour)


def _waste(draw: ImageDraw.ImageDraw, dice: random.Random, after: bool) -> None:
    if after:
        draw.rounded_rectangle((520, 420, 680, 560), 10, fill=(46, 110, 70))
        return
    for _ in range(70):
        a, b, r = dice.randint(330, 860), dice.randint(470, 640), dice.randint(18, 54)
        tone = dice.choice([(60, 62, 66), (204, 206, 200), (66, 96, 140), (150, 110, 70)])
        draw.ellipse((a - r, b - r // 2, a + r, b + r), fill=tone)


def _tree(draw: ImageDraw.ImageDraw, dice: random.Random, after: bool) -> None:
    lean = 0 if after else 210
    draw.line((600, 560, 600 + lean, 220), fill=(88, 66, 46), width=46)
    for _ in range(40):
        a, b = 600 + lean + dice.randint(-190, 190), 200 + dice.randint(-130, 110)
        r = dice.randint(30, 62) if after else dice.randint(46, 84)
        draw.ellipse((a - r, b - r, a + r, b + r), fill=GREEN)
    if after:
        draw.line((500, 560, 600, 380), fill=(150, 120, 80), width=12)
        draw.line((700, 560, 600, 380), fill=(150, 120, 80), width=12)


def _pavement(draw: ImageDraw.ImageDraw, dice: random.Random, after: bool) -> None:
    if after:
        return
    for x in range(140, 1060, 150):
        tone = dice.choice([(186, 62, 52), (52, 92, 150), (206, 160, 60)])
        draw.rectangle((x, 452, x + 96, 500), fill=tone)
        draw.rectangle((x + 10, 500, x + 20, 540), fill=(60, 60, 60))
        draw.rectangle((x + 76, 500, x + 86, 540), fill=(60, 60, 60))


def _smoke(draw: ImageDraw.ImageDraw, dice: random.Random, after: bool) -> None:
    if after:
        return
    for step in range(60):
        r = 20 + step * 3
        a, b = 560 + dice.randint(-40, 40) + step * 3, 560 - step * 8
        tone = 150 + dice.randint(0, 40)
        draw.ellipse((a - r, b - r, a + r, b + r), fill=(tone, tone, tone))


_TROUBLES = {
    "road": _hole, "manhole": _cover, "water": _water, "lamp": _lamp, "waste": _waste,
    "tree": _tree, "pavement": _pavement, "smoke": _smoke,
}  # fmt: skip


def _mark(image: Image.Image) -> None:
    """A striped edge: a drawing must not be taken for a photo, even cut out of its page."""
    draw = ImageDraw.Draw(image)
    for x in range(-30, SIZE[0], 60):
        draw.polygon([(x, 0), (x + 30, 0), (x + 50, 22), (x + 20, 22)], fill=(227, 160, 8))
        draw.polygon([(x, 878), (x + 30, 878), (x + 50, 900), (x + 20, 900)], fill=(227, 160, 8))
