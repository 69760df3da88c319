"""Places on the earth: WGS84, which the database keeps, and GCJ-02 (火星坐标), in which Chinese maps are drawn.

The shift is that of the published formula of eviltransform and gcoord (MIT); it is undone by iteration.
"""

from dataclasses import dataclass
from math import cos, isfinite, pi, radians, sin, sqrt

_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
#: Pixels of a map at zoom 0, and of the side of a cell: closer points are told as one.
TILE, CELL = 256, 64
FARTHEST, NEAREST = 3, 19


@dataclass(frozen=True, slots=True)
class Box:
    """Degrees. Of a map in GCJ-02 it is in GCJ-02."""

    south: float
    west: float
    north: float
    east: float


def box_of(text: str) -> Box | None:
    """'31.0,117.1,31.4,118.0' as south, west, north, east; None for anything else."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        return None
    if len(numbers) != 4 or not all(isfinite(number) and abs(number) <= 540 for number in numbers):
        return None
    box = Box(*numbers)
    return box if box.south < box.north and box.west < box.east else None


def text_of(box: Box) -> str:
    """As `box_of` reads it, to about ten centimetres."""
    return f"{box.south:.6f},{box.west:.6f},{box.north:.6f},{box.east:.6f}"


def cell_degrees(zoom: int) -> float:
    """The side of a cell at this zoom, in degrees of longitude."""
    return 360 * CELL / (TILE << min(max(zoom, FARTHEST), NEAREST))


def in_china(lat: float, lng: float) -> bool:
    """Where the shift applies; generous at the borders, as all formulas are."""
    return 0.8293 <= lat <= 55.8271 and 72.004 <= lng <= 137.8347


def to_gcj(lat: float, lng: float) -> tuple[float, float]:
    if not in_china(lat, lng):
        return lat, lng
    north, east = _shift(lng - 105.0, lat - 35.0)
    bend = 1 - _ECCENTRICITY * sin(radians(lat)) ** 2
    by_lat = (_AXIS * (1 - _ECCENTRICITY)) / (bend * sqrt(bend)) * pi / 180
    by_lng = _AXIS / sqrt(bend) * cos(radians(lat)) * pi / 180
    return lat + north / by_lat, lng + east / by_lng


def to_wgs(lat: float, lng: float) -> tuple[float, float]:
    """Exact to less than a centimetre: the shift changes slowly, so five steps are plenty."""
    found = lat, lng
    for _ in range(5):
        shifted = to_gcj(*found)
        found = found[0] + lat - shifted[0], found[1] + lng - shifted[1]
    return found


def _shift(x: float, y: float) -> tuple[float, float]:
    """Metres to the north and to the east."""
    root, both = sqrt(abs(x)), (20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + both
    north += (20 * sin(y * pi) + 40 * sin(y / 3 * pi)) * 2 / 3
    north += (160 * sin(y / 12 * pi) + 320 * sin(y * pi / 30)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + both
    east += (20 * sin(x * pi) + 40 * sin(x / 3 * pi)) * 2 / 3
    east += (150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    return north, east
