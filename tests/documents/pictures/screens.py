"""Screenshots: a phone's screen in place of a photo of the paper."""

from __future__ import annotations

from random import Random
from typing import Final

import cv2
import numpy as np
from cv2.typing import MatLike
from PIL import Image, ImageDraw

from tests.documents.pictures.lettering import font, person
from tests.documents.pictures.papers import paper

_SCREENS: Final = ((1080, 2340), (1080, 2400), (1170, 2532), (720, 1600))


def screen(random: Random) -> MatLike:
    width, height = random.choice(_SCREENS)
    unit = width / 1080
    dark = random.random() < 0.3
    ground, ink = ((18, 18, 20), (230, 230, 230)) if dark else ((255, 255, 255), (20, 20, 20))
    page = Image.new("RGB", (width, height), ground)
    draw = ImageDraw.Draw(page)
    draw.text((40 * unit, 20 * unit), f"{random.randint(0, 23)}:{random.randint(10, 59)}", ink, font("Bold", 40))
    draw.rectangle((0, 90 * unit, width, 230 * unit), fill=random.choice(((0, 104, 255), (40, 120, 60), (60, 60, 60))))
    draw.text((60 * unit, 120 * unit), "Cổng Dịch vụ công quốc gia", (255, 255, 255), font("Bold", int(54 * unit)))
    y = 280 * unit
    if random.random() < 0.4:  # a gallery: the paper is shown on the screen
        shown = Image.fromarray(cv2.cvtColor(paper(random).pixels, cv2.COLOR_BGR2RGB))
        shown = shown.resize((round(width * 0.9), round(width * 0.9 * 1.414)), Image.Resampling.LANCZOS)
        page.paste(shown, (round(width * 0.05), round(y)))
        y += shown.size[1] + 60 * unit
    while y < height - 300 * unit:
        who = person(random)
        draw.text((60 * unit, y), who.name, ink, font("Bold", int(46 * unit)))
        draw.text((60 * unit, y + 60 * unit), who.address, ink, font("Regular", int(38 * unit)))
        draw.line((60 * unit, y + 130 * unit, width - 60 * unit, y + 130 * unit), fill=(150, 150, 150), width=2)
        y += 170 * unit
    draw.rounded_rectangle((width * 0.35, height - 30 * unit, width * 0.65, height - 18 * unit), 6, fill=ink)
    return cv2.cvtColor(np.array(page), cv2.COLOR_RGB2BGR)
