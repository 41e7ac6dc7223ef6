"""The rating service's settings: VINYL_RATING_…"""

from vinyl_chassis.settings import ServiceSettings


class Settings(ServiceSettings, frozen=True, kw_only=True):
    pass
